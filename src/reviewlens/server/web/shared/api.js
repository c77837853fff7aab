// Asks the server. Every failure is a `Failure` with the server's own sentence.

const LOOK_MILLISECONDS = 400;

export class Failure extends Error {
  /**
   * @param {string} kind the name of the error, as `Failure` of the API has it
   * @param {string} message one sentence
   * @param {number} status of the answer, 0 where there was none
   * @param {string|null} field the parameter at fault
   * @param {number|null} retryAfter seconds after which to try again, null where that is of no use
   */
  constructor(kind, message, status, field = null, retryAfter = null) {
    super(message);
    this.kind = kind;
    this.status = status;
    this.field = field;
    this.retryAfter = retryAfter;
  }
}

/** Return the address of a route under /api/v1 with its parameters; lists repeat a parameter. */
export function address(path, parameters = {}) {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(parameters)) {
    for (const one of [value].flat()) {
      if (one !== null && one !== undefined && one !== "") query.append(name, String(one));
    }
  }
  const text = query.toString();
  return `/api/v1${path}${text ? `?${text}` : ""}`;
}

/** Ask, and return what was answered: JSON. Long questions answer 202 with a job: see `longGet`. */
export async function get(path, parameters = {}, { signal } = {}) {
  return (await ask(address(path, parameters), { signal })).body;
}

/** Send JSON and return what was answered. */
export async function send(method, path, body, { signal } = {}) {
  const headers = { "Content-Type": "application/json" };
  const text = body === undefined ? undefined : JSON.stringify(body);
  return (await ask(address(path), { method, headers, body: text, signal })).body;
}

/**
 * Ask what may take long: `onProgress(job)` is told how far it is; returns the answer.
 * Works for `GET` questions and, with `method` and `body`, for changes.
 */
export async function long(path, parameters = {}, options = {}) {
  const { method = "GET", body, onProgress, signal } = options;
  const headers = body === undefined ? {} : { "Content-Type": "application/json" };
  const text = body === undefined ? undefined : JSON.stringify(body);
  const first = await ask(address(path, parameters), { method, headers, body: text, signal });
  return first.status === 202 ? follow(first.body, { onProgress, signal }) : first.body;
}

/** Follow a job to its end and return its result. */
export async function follow(job, { onProgress, signal } = {}) {
  let now = job;
  const stop = () => send("POST", `/jobs/${job.job}/cancel`).catch(() => {});
  signal?.addEventListener("abort", stop);
  try {
    while (now.state === "waiting" || now.state === "running") {
      onProgress?.(now);
      await new Promise((done) => setTimeout(done, LOOK_MILLISECONDS));
      now = await get(`/jobs/${job.job}`, {}, { signal });
    }
    onProgress?.(now);
    return (await ask(address(`/jobs/${job.job}/result`), { signal })).body;
  } finally {
    signal?.removeEventListener("abort", stop); // what has ended need not be cancelled
  }
}

async function ask(url, options) {
  let response;
  try {
    response = await fetch(url, options);
  } catch (error) {
    if (error.name === "AbortError") throw error;
    throw new Failure(
      "Unreachable",
      "The server does not answer. Is `reviewlens serve` running?",
      0,
    );
  }
  const isJson = (response.headers.get("Content-Type") ?? "").includes("json");
  const body = isJson ? await response.json() : await response.text();
  if (response.ok) return { status: response.status, body };
  const told = isJson
    ? body
    : { error: "Unexpected", message: `The server answered ${response.status}.` };
  if (response.status === 401) toSignIn();
  const seconds = Number.parseFloat(response.headers.get("Retry-After"));
  throw new Failure(
    told.error,
    told.message,
    response.status,
    told.field,
    Number.isFinite(seconds) ? seconds : null,
  );
}

/** Go where a token is asked for; the page is come back to. */
export function toSignIn() {
  const here = location.pathname + location.search;
  location.assign(`/sign-in?${new URLSearchParams({ next: here })}`);
}
