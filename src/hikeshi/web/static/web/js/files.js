// Files on their way to a record: several at once, two at a time, each with its progress, its cancel and its own refusal.
// Without this script the same form sends them in one piece.
const AT_ONCE = 2;
const queue = [];
let underWay = 0;

const size = (bytes) => {
  const units = ["B", "KB", "MB", "GB"];
  const step = Math.min(units.length - 1, Math.floor(Math.log(Math.max(bytes, 1)) / Math.log(1024)));
  return `${(bytes / 1024 ** step).toFixed(step ? 1 : 0)} ${units[step]}`;
};
const element = (name, className, text = "") => Object.assign(document.createElement(name), { className, textContent: text });

const line = (form, file) => {
  const row = element("li", "");
  const name = element("span", "clip one");
  name.append(element("bdi", "", file.name));
  const meter = Object.assign(element("progress", "meter"), { max: 1, value: 0 });
  const said = element("span", "said", size(file.size));
  const button = Object.assign(element("button", "button tiny", form.dataset.cancel), { type: "button" });
  meter.setAttribute("aria-label", file.name);
  row.append(name, button, meter, said);
  form.querySelector(".on-their-way").append(row);
  return { form, file, row, meter, said, button };
};
const fail = (one, sentence) => {
  one.row.className = "failed";
  one.meter.remove();
  one.said.textContent = sentence;
  one.said.setAttribute("role", "alert");
  one.button.textContent = one.form.dataset.putAway;
  one.button.onclick = () => one.row.remove();
};
const answered = (one, request) => {
  let answer = null;
  try { answer = JSON.parse(request.responseText); } catch { /* not ours: a page that says why */ }
  if (request.status === 201) {
    one.row.remove();
    document.dispatchEvent(new CustomEvent("hikeshi:changed"));
  } else fail(one, answer?.errors?.[0]?.sentence ?? one.form.dataset.refused);
};
const send = (one) => {
  const body = new FormData();
  body.append("csrfmiddlewaretoken", one.form.elements.csrfmiddlewaretoken.value);
  body.append("file", one.file);
  const request = new XMLHttpRequest();
  const done = (then) => { underWay -= 1; then(); next(); };
  request.upload.onprogress = (event) => {
    one.meter.value = event.loaded / event.total;
    const whole = event.loaded >= event.total;
    one.said.textContent = whole ? one.form.dataset.hashing : `${size(event.loaded)} / ${size(event.total)}`;
  };
  request.onload = () => done(() => answered(one, request));
  request.onerror = () => done(() => fail(one, one.form.dataset.lost));
  request.onabort = () => done(() => one.row.remove());
  one.button.onclick = () => request.abort();
  request.open("POST", one.form.action);
  request.setRequestHeader("Accept", "application/json");
  underWay += 1;
  request.send(body);
};
const next = () => { while (underWay < AT_ONCE && queue.length) send(queue.shift()); };
const take = (form, files) => {
  for (const file of files) {
    const one = line(form, file);
    if (file.size > Number(form.dataset.upload)) { fail(one, form.dataset.tooBig); continue; }
    one.button.onclick = () => { queue.splice(queue.indexOf(one), 1); one.row.remove(); };
    queue.push(one);
  }
  next();
};

const ready = () => {
  for (const form of document.querySelectorAll("form[data-upload]:not(.ready)")) form.classList.add("ready");
  for (const button of document.querySelectorAll("[data-copy][hidden]")) button.hidden = !navigator.clipboard;
};
const under = (event) => event.target.closest?.("form[data-upload], section:has(> .body > form[data-upload])");
const formOf = (area) => (area.matches("form") ? area : area.querySelector("form[data-upload]"));
const carries = (event) => event.dataTransfer?.types.includes("Files");

document.addEventListener("change", (event) => {
  const form = event.target.closest?.("form[data-upload]");
  if (!form || event.target.type !== "file") return;
  take(form, [...event.target.files]);
  event.target.value = "";
});
document.addEventListener("dragover", (event) => {
  if (!carries(event)) return;
  const area = under(event);
  event.preventDefault(); // a file let go beside the mark must not replace the page
  event.dataTransfer.dropEffect = area ? "copy" : "none";
  for (const form of document.querySelectorAll("form[data-upload]")) form.classList.toggle("over", Boolean(area) && formOf(area) === form);
});
document.addEventListener("dragleave", (event) => { if (!event.relatedTarget) for (const form of document.querySelectorAll(".put.over")) form.classList.remove("over"); });
document.addEventListener("drop", (event) => {
  if (!carries(event)) return;
  event.preventDefault();
  const area = under(event);
  for (const form of document.querySelectorAll(".put.over")) form.classList.remove("over");
  if (area) take(formOf(area), [...event.dataTransfer.files]);
});
document.addEventListener("click", async (event) => {
  const button = event.target.closest?.("[data-copy]");
  if (!button) return;
  await navigator.clipboard.writeText(button.dataset.copy);
  button.lastElementChild.textContent = button.dataset.copied;
  setTimeout(() => { button.lastElementChild.textContent = ""; }, 2000);
});
addEventListener("beforeunload", (event) => { if (underWay) event.preventDefault(); });
document.addEventListener("hikeshi:panels", ready);
ready();
