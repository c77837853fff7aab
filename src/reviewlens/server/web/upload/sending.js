// Sends a file to the server; `fetch` cannot tell how far an upload is.
import { address, Failure, toSignIn } from "/static/shared/api.js";

/**
 * Send a file.
 * @param {File} file
 * @param {{onProgress: function(number, number): void, signal: AbortSignal}} options `onProgress` is
 *   told the bytes sent and those in all
 * @returns {Promise<{upload: string, name: string, bytes: number}>}
 */
export function sendFile(file, { onProgress, signal }) {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    const form = new FormData();
    form.append("file", file, file.name);
    request.upload.addEventListener("progress", (event) => onProgress(event.loaded, event.total || file.size));
    request.addEventListener("load", () => {
      const told = read(request.responseText);
      if (request.status < 300 && told) resolve(told);
      else {
        if (request.status === 401) toSignIn();
        reject(new Failure(told?.error ?? "Unexpected", told?.message ?? `The server answered ${request.status}.`, request.status, told?.field));
      }
    });
    request.addEventListener("error", () => reject(new Failure("Unreachable",
      "The file did not arrive: the server stopped listening. It may be too large, or `reviewlens serve` may not be running.", 0)));
    request.addEventListener("abort", () => reject(new DOMException("The upload was stopped.", "AbortError")));
    signal.addEventListener("abort", () => request.abort());
    request.open("POST", address("/uploads"));
    request.send(form);
  });
}

function read(text) {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
