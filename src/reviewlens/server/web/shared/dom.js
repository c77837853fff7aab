// Makes elements. Text is only ever set as text: nothing here takes a string for HTML.

/**
 * Return an element.
 * @param {string} name its tag, with classes: `span.hint.small`
 * @param {object} attributes attributes by name; `on…` functions are listeners; true, false and
 *   null say whether an attribute is there; `style` is an object of CSS properties
 * @param {...(Node|string|number|null|undefined|false|Array)} children in order
 */
export function h(name, attributes = {}, ...children) {
  const [tag, ...classes] = name.split(".");
  return fill(document.createElement(tag), classes, attributes, children);
}

/** Return an SVG element; as `h`. */
export function svg(name, attributes = {}, ...children) {
  const [tag, ...classes] = name.split(".");
  const element = document.createElementNS("http://www.w3.org/2000/svg", tag);
  return fill(element, classes, attributes, children);
}

/** Put new children in the place of those an element has. */
export function replace(element, ...children) {
  element.replaceChildren(...listed(children));
}

function fill(element, classes, attributes, children) {
  if (classes.length) element.classList.add(...classes);
  for (const [key, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (key.startsWith("on")) element.addEventListener(key.slice(2), value);
    else if (key === "style") setStyle(element, value);
    else element.setAttribute(key, value === true ? "" : String(value));
  }
  element.append(...listed(children));
  return element;
}

function setStyle(element, properties) {
  for (const [name, value] of Object.entries(properties)) {
    if (name.startsWith("--")) element.style.setProperty(name, value);
    else element.style[name] = value;
  }
}

function listed(children) {
  return children
    .flat(Infinity)
    .filter((child) => child !== null && child !== undefined && child !== false)
    .map((child) => (child instanceof Node ? child : String(child)));
}
