// Runs before deck.gl, so that the page's strict policy holds without a single refusal. As it loads,
// deck.gl gives `innerHTML` some texts, which Trusted Types refuses: here each becomes empty, so still
// no text is ever taken for HTML or a script. And it compiles WebAssembly for file formats that the
// map does not use, which the policy forbids: here there is none, and it goes on without.
globalThis.trustedTypes?.createPolicy("default", { createHTML: () => "" });
delete globalThis.WebAssembly;
