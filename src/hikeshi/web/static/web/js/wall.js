// On a wall nobody scrolls: a tile shows the rows it has room for and says how many more there are.
const fit = () => {
  for (const body of document.querySelectorAll(".tile > .body")) {
    body.querySelector(":scope > .more")?.remove();
    const rows = [...body.querySelectorAll(":scope > .tallied tbody tr")];
    for (const row of rows) row.classList.remove("beyond");
    if (!rows.length || body.scrollHeight <= body.clientHeight) continue;
    const more = Object.assign(document.createElement("p"), { className: "more fine dim" });
    body.append(more);
    for (let left = rows.length - 1; left > 0 && body.scrollHeight > body.clientHeight; left -= 1) {
      rows[left].classList.add("beyond");
      more.textContent = document.body.dataset.more.replace("{n}", String(rows.length - left));
    }
  }
};
addEventListener("resize", fit);
document.addEventListener("hikeshi:panels", fit);
document.fonts?.ready.then(fit);
fit();
