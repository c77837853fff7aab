// The HTTP API, drawn from its OpenAPI document.
import { get } from "/static/shared/api.js";
import { h } from "/static/shared/dom.js";
import { openPage } from "/static/shared/shell.js";

openPage("docs", async (main) => {
  const document_ = await get("/openapi.json");
  const bySubject = new Map();
  for (const [path, methods] of Object.entries(document_.paths)) {
    for (const [method, route] of Object.entries(methods)) {
      const subject = route.tags?.[0] ?? "other";
      if (!bySubject.has(subject)) bySubject.set(subject, []);
      bySubject.get(subject).push({ path, method, route });
    }
  }
  main.classList.add("stack");
  main.append(
    h("h1", {}, "HTTP API"),
    h("p", {}, "Every failure is JSON with ", h("code", {}, "error"), ", ", h("code", {}, "message"),
      " and ", h("code", {}, "field"), ". The document for programs: ",
      h("a", { href: "/api/v1/openapi.json" }, "openapi.json"), "."),
    ...[...bySubject].map(([subject, routes]) => h("section.stack", {},
      h("h2", {}, subject), routes.map((one) => described(one, document_)))),
  );
});

/** Return a route: what it answers, what it takes, what comes back. */
function described({ path, method, route }, document_) {
  const parameters = route.parameters ?? [];
  const body = Object.values(route.requestBody?.content ?? {})[0]?.schema;
  const answers = Object.entries(route.responses).map(([status, answer]) =>
    h("li", {}, h("code", {}, status), " ", answer.description, " ",
      h("code", {}, kind(Object.values(answer.content ?? {})[0]?.schema))));
  return h("details", { id: route.operationId },
    h("summary", {}, h("strong", {}, method.toUpperCase()), " ", h("code", {}, path), " ", route.summary ?? ""),
    h("p", {}, route.description ?? ""),
    parameters.length ? fields("Parameters", parameters.map((one) =>
      [one.name, kind(one.schema), one.description, one.required])) : null,
    body ? fields("Body", properties(body, document_)) : null,
    h("h3", {}, "Answers"), h("ul", {}, answers));
}

function properties(schema, document_) {
  const named = schema.$ref ? document_.components.schemas[schema.$ref.split("/").pop()] : schema;
  return Object.entries(named?.properties ?? {}).map(([name, one]) =>
    [name, kind(one), one.description, (named.required ?? []).includes(name)]);
}

function fields(title, rows) {
  return h("table.data", {}, h("caption", {}, title),
    h("thead", {}, h("tr", {}, ["Name", "Kind", "Meaning"].map((name) => h("th", { scope: "col" }, name)))),
    h("tbody", {}, rows.map(([name, type, meaning, required]) => h("tr", {},
      h("th", { scope: "row" }, h("code", {}, name), required ? " (required)" : ""),
      h("td", {}, type), h("td", {}, meaning ?? "")))));
}

/** Return in a word or two what a value is. */
function kind(schema) {
  if (!schema) return "";
  if (schema.$ref) return schema.$ref.split("/").pop();
  if (schema.enum) return schema.enum.join(", ");
  if (schema.const !== undefined) return String(schema.const);
  if (schema.anyOf) return schema.anyOf.map(kind).filter((one) => one !== "null").join(" or ");
  if (schema.type === "array") return `list of ${kind(schema.items) || "values"}`;
  return schema.type ?? "";
}
