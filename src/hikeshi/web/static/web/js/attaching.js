// Said before they are sent: what is too large would come back without the words that went with it.
document.addEventListener("change", (event) => {
  const box = event.target;
  if (!box.matches?.("input[type=file][data-most]")) return;
  const size = [...box.files].reduce((sum, file) => sum + file.size, 0);
  box.setCustomValidity(size > Number(box.dataset.most) ? box.dataset.tooLarge : "");
  if (size > Number(box.dataset.most)) box.reportValidity();
});
