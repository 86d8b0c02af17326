// A page opened before an upgrade says so as soon as an answer of the server comes from a newer one.
const edition = document.body.dataset.edition;
document.addEventListener("htmx:afterRequest", ({ detail }) => {
  const now = detail.xhr?.getResponseHeader("Hikeshi-Edition");
  if (edition && now && now !== edition) document.body.classList.add("outgrown");
});
