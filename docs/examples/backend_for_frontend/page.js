// No token is in here, nor in storage: the cookie is HttpOnly, and says nothing to anybody but us.
const csrf = () => document.cookie.match(/__Host-frontend-csrf=([^;]+)/)?.[1] ?? "";
const write = (path, body) =>
  fetch(path, {
    method: "POST",
    headers: { "Content-Type": "application/json", "X-CSRFToken": csrf() },
    body: body && JSON.stringify(body),
  });
const say = (id, text) => { document.getElementById(id).textContent = text; };

async function greet() {
  const answer = await fetch("/api/me");
  say("who", answer.ok ? `Signed in as ${(await answer.json()).email}` : "Not signed in");
}

document.getElementById("out").addEventListener("click", async () => {
  await write("/logout");
  await greet();
});

document.getElementById("new").addEventListener("submit", async (event) => {
  event.preventDefault();
  const answer = await write("/api/listings", {
    title: new FormData(event.target).get("title"),
    city: "St. Louis",
    state_code: "MO",
    street_address: "7 River Road",
    bedrooms: 2,
    price: { amount: "189000.00", currency: "USD" },
  });
  say("said", answer.ok ? "Added as a draft" : `Refused: ${answer.status}`);
});

greet();
