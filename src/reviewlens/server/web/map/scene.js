// Draws the points with deck.gl: its context, sizes, moves and zooms; the shapes are ours.

export const SHAPES = ["circle", "square", "diamond", "triangle"];
export const RING = SHAPES.length;

const MOST_ZOOM = 12; // beyond the whole map, in powers of two
const FIT = 0.9;

const VERTEX = (whole) => `#version 300 es
in vec2 places;
in vec4 colors;
in vec2 looks;
out vec4 tint;
flat out float form;
void main() {
  tint = colors;
  form = looks.x;
  gl_Position = project_common_position_to_clipspace(project_position(vec4(places, 0.0, 1.0)));
  float grown = clamp(pow(project.scale / ${whole.toFixed(6)}, 0.4), 1.0, 4.0);
  gl_PointSize = colors.a == 0.0 ? 0.0 : looks.y * grown * project.devicePixelRatio;
}`;

const FRAGMENT = `#version 300 es
precision highp float;
in vec4 tint;
flat in float form;
out vec4 fragColor;
void main() {
  vec2 at = gl_PointCoord * 2.0 - 1.0;
  bool outside = form < 0.5 ? dot(at, at) > 1.0
    : form < 1.5 ? max(abs(at.x), abs(at.y)) > 0.82
    : form < 2.5 ? abs(at.x) + abs(at.y) > 1.0
    : form < 3.5 ? abs(at.x) > 0.5 * (at.y + 1.0) || at.y > 0.8
    : dot(at, at) > 1.0 || dot(at, at) < 0.6;
  if (outside) discard;
  fragColor = tint;
}`;

const BLEND = {
  depthWriteEnabled: false, depthCompare: "always", blend: true,
  blendColorSrcFactor: "src-alpha", blendColorDstFactor: "one-minus-src-alpha",
  blendAlphaSrcFactor: "one", blendAlphaDstFactor: "one-minus-src-alpha",
};

/** Return deck.gl when its script has come; null where it cannot be had. */
export function drawingLibrary() {
  const script = document.getElementById("deck");
  if (globalThis.deck?.Deck) return Promise.resolve(globalThis.deck);
  return new Promise((found) => {
    script.addEventListener("load", () => found(globalThis.deck ?? null));
    script.addEventListener("error", () => found(null));
    if (globalThis.deck?.Deck) found(globalThis.deck);
  });
}

/** Tell whether the browser can draw with WebGL. */
export function canDraw() {
  return Boolean(document.createElement("canvas").getContext("webgl2"));
}

/**
 * Return a scene: points in an element, which the reader moves and zooms.
 * @param {object} deck deck.gl
 * @param {HTMLElement} place has a size of its own
 * @param {object} box left, right, bottom and top of all points
 * @param {{onMove: function(object): void, onDrawn: function(): void}} told `onMove` of each other
 *   view {x, y, zoom}: the place in the middle, and how many times the whole map is enlarged
 */
export function sceneIn(deck, place, box, { onMove, onDrawn }) {
  const { Deck, OrthographicView, Layer, project32 } = deck;
  const { Model } = globalThis.luma;
  deck.log.level = -1;
  const home = { x: (box.left + box.right) / 2, y: (box.bottom + box.top) / 2, zoom: 1 };
  let view = home;
  let points = null;
  let version = 0;
  let still = false;

  class Points extends Layer {
    static layerName = "Points";
    initializeState() { this.setState({ model: null }); }
    getModels() { return this.state.model ? [this.state.model] : []; }
    _getAttributeManager() { return null; }
    setShaderModuleProps({ project }) { super.setShaderModuleProps({ project }); }
    updateState({ props, oldProps }) {
      if (props.version === oldProps.version) return;
      this.state.model?.destroy();
      const { device } = this.context;
      const buffer = (data) => device.createBuffer({ data });
      this.setState({ model: new Model(device, {
        id: "points", vs: VERTEX(whole()), fs: FRAGMENT, modules: [project32], topology: "point-list",
        vertexCount: points.n, parameters: BLEND,
        bufferLayout: [{ name: "places", format: "float32x2" }, { name: "colors", format: "unorm8x4" },
          { name: "looks", format: "uint8x2" }],
        attributes: { places: buffer(points.places), colors: buffer(points.colors), looks: buffer(points.looks) },
      }) });
    }
    draw({ renderPass }) { if (points.n) this.state.model?.draw(renderPass ?? this.context.renderPass); }
    finalizeState(context) {
      this.state.model?.destroy();
      super.finalizeState(context);
    }
  }

  /** Pixels of one unit of the map when the whole of it is seen. */
  function whole() {
    const wide = box.right - box.left || 1;
    const high = box.top - box.bottom || 1;
    return FIT * Math.min(place.clientWidth / wide, place.clientHeight / high) || 1;
  }

  const scale = () => whole() * view.zoom;
  const asDeck = () => ({ target: [view.x, view.y, 0], zoom: Math.log2(scale()),
    minZoom: Math.log2(whole() / 2), maxZoom: Math.log2(whole()) + MOST_ZOOM });

  const drawn = new Deck({
    parent: place,
    views: new OrthographicView({ id: "map", flipY: false }),
    viewState: asDeck(),
    controller: { keyboard: false, doubleClickZoom: true },
    layers: [],
    onViewStateChange: ({ viewState }) => {
      if (still) return;
      const { target, zoom } = viewState;
      show({ x: target[0], y: target[1], zoom: 2 ** zoom / whole() });
    },
    onAfterRender: () => { if (points) onDrawn(); },
    onResize: () => show(view),
    onError: (error) => console.error(error),
    getCursor: () => "inherit",
  });

  /** Show another part of the map. */
  function show(next) {
    const zoom = Math.max(0.5, Math.min(2 ** MOST_ZOOM, next.zoom || 1));
    const clamp = (value, low, high) => Math.max(low, Math.min(high, value));
    view = { x: clamp(next.x, box.left, box.right), y: clamp(next.y, box.bottom, box.top), zoom };
    drawn.setProps({ viewState: asDeck() });
    onMove(view);
  }

  return {
    /** The part of the map that is seen. */
    get view() { return view; },
    show,
    close() { drawn.finalize(); },
    /** The view that has all of it. */
    home,
    /** Show all of it. */
    reset() { show(home); },
    /** Whether a drag moves the map. */
    set movable(on) {
      still = !on;
      drawn.setProps({ controller: on ? { keyboard: false, doubleClickZoom: true } : false });
    },
    /** Draw other points: {n, places, colors, looks}: per point x and y; RGBA; shape and pixels. */
    draw(next) {
      points = next;
      version += 1;
      drawn.setProps({ layers: [new Points({ id: "points", data: [], version })] });
    },
    /** Return the pixels, from the element's top left corner, of a place on the map. */
    toPixels(x, y) {
      return [place.clientWidth / 2 + (x - view.x) * scale(), place.clientHeight / 2 - (y - view.y) * scale()];
    },
    /** Return the place on the map of pixels. */
    toMap(left, top) {
      return [view.x + (left - place.clientWidth / 2) / scale(), view.y - (top - place.clientHeight / 2) / scale()];
    },
    /** Pixels of one unit of the map as it is seen. */
    get scale() { return scale(); },
  };
}
