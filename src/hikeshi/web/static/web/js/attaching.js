// A report with files: what is too large is said before it is sent, and how much has gone is shown while it goes. Without
// this script the same form sends itself in one piece.
let request = null;

document.addEventListener("change", (event) => {
  const box = event.target;
  if (!box.matches?.("input[type=file][data-most]")) return;
  const size = [...box.files].reduce((sum, file) => sum + file.size, 0);
  box.setCustomValidity(size > Number(box.dataset.most) ? box.dataset.tooLarge : "");
  if (size > Number(box.dataset.most)) box.reportValidity();
});

const megabytes = (bytes) => `${(bytes / 1e6).toFixed(1)} MB`;
const over = (form, bar, sentence) => {
  request = null;
  for (const button of form.querySelectorAll("button:disabled")) button.disabled = false;
  bar.querySelector(".meter").hidden = bar.querySelector("button").hidden = true;
  const said = bar.querySelector(".said");
  said.textContent = sentence;
  said.classList.toggle("wrong", Boolean(sentence));
  bar.hidden = !sentence;
};
// The page that says what is wrong comes in place of this one; the files that were chosen stay chosen.
const shown = (answer) => {
  const next = new DOMParser().parseFromString(answer, "text/html").getElementById("main");
  if (!next) return false;
  for (const box of document.querySelectorAll("input[type=file][id]")) next.querySelector(`#${CSS.escape(box.id)}`)?.replaceWith(box);
  document.getElementById("main").replaceWith(next);
  const notice = next.querySelector(".notice[role=alert]") ?? next;
  notice.focus();
  notice.scrollIntoView({ block: "center" });
  return true;
};
const answered = (form, bar) => {
  const { status, responseText } = request;
  if (status === 201) {
    const { to } = JSON.parse(responseText);
    request = null;
    location.assign(to);
  } else if (status >= 500 || !shown(responseText)) over(form, bar, bar.dataset.busy);
  else request = null;
};

document.addEventListener("submit", (event) => {
  const form = event.target;
  const bar = form.querySelector?.(".sending");
  if (!bar || event.defaultPrevented) return;
  const boxes = [...form.querySelectorAll("input[type=file]")];
  if (event.submitter?.name === "switch") { // another language needs the words, not the files
    for (const box of boxes) box.disabled = true;
    return;
  }
  if (!boxes.some((box) => box.files.length)) return;
  event.preventDefault();
  if (request) return;
  const body = new FormData(form, event.submitter);
  const meter = bar.querySelector(".meter");
  const said = bar.querySelector(".said");
  const cancel = bar.querySelector("button");
  for (const button of form.querySelectorAll(".buttons button")) button.disabled = true;
  said.classList.remove("wrong");
  meter.value = 0;
  bar.hidden = meter.hidden = cancel.hidden = false;
  request = new XMLHttpRequest();
  request.upload.onprogress = ({ loaded, total }) => {
    meter.value = loaded / total;
    said.textContent = loaded < total ? `${megabytes(loaded)} / ${megabytes(total)}` : bar.dataset.kept;
  };
  request.onload = () => answered(form, bar);
  request.onerror = () => over(form, bar, bar.dataset.lost);
  request.onabort = () => over(form, bar, "");
  cancel.onclick = () => request?.abort();
  request.open("POST", form.action);
  request.setRequestHeader("Accept", "application/json");
  request.send(body);
});
addEventListener("beforeunload", (event) => { if (request) event.preventDefault(); });
