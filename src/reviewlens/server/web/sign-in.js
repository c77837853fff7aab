// Sends the token; without this script the form does, and goes to the first page.

const form = document.querySelector("form");
const problem = document.getElementById("problem");
const asked = new URLSearchParams(location.search);
form.elements.next.value = asked.get("next") ?? "/";
if (asked.has("wrong")) problem.textContent = "This is not the token that the server was started with.";
form.elements.token.focus();

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  problem.textContent = "";
  const body = JSON.stringify({ token: form.elements.token.value, next: form.elements.next.value });
  try {
    const response = await fetch("/sign-in", {
      method: "POST", headers: { "Content-Type": "application/json" }, body,
    });
    const told = await response.json();
    if (response.ok) location.assign(told.next);
    else problem.textContent = told.message;
  } catch {
    problem.textContent = "The server does not answer. Is `reviewlens serve` running?";
  }
});
