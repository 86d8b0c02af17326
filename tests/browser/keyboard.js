// What the keyboard can come to on this page, told as `window.stops`. Answers how many controls there are, and how many
// of them stand before the content.
() => {
  const CONTROLS = "a[href], button, input:not([type=hidden]), select, textarea, summary, iframe, [tabindex], [contenteditable]";
  const inSight = (one) => one.checkVisibility({ visibilityProperty: true, contentVisibilityAuto: false })
    && !one.closest("[inert]") && one.getClientRects().length > 0;
  const chosen = (radio) => {
    const group = [...document.querySelectorAll(`input[type=radio][name="${CSS.escape(radio.name)}"]`)]
      .filter((one) => one.form === radio.form && !one.disabled);
    const on = group.find((one) => one.checked);
    return on ? on === radio : group[0] === radio;
  };
  const takes = (one) => !one.matches(":disabled") && one.tabIndex >= 0 && inSight(one)
    && !(one.matches("input[type=radio]") && !chosen(one))
    && !(one.tagName === "SUMMARY" && one.parentElement.querySelector("summary") !== one);
  const all = [...document.querySelectorAll(CONTROLS)].filter((one) => takes(one) && !one.matches("#main, .skip"));
  const main = document.getElementById("main");
  const name = (one) => one.outerHTML.replace(/\s+/g, " ").slice(0, 120);
  const ringed = (one) => [undefined, "::after"].some((part) => {
    const style = getComputedStyle(one, part), clear = /transparent|rgba\(0, 0, 0, 0\)/;
    return style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2 && !clear.test(style.outlineColor);
  });
  const uncovered = (one) => [...one.getClientRects()].some((box) => [[0.5, 0.5], [0.1, 0.2], [0.9, 0.8], [0.5, 0.9]].some(([x, y]) => {
    const hit = document.elementFromPoint(box.left + box.width * x, box.top + box.height * y);
    return hit && (one.contains(hit) || hit.contains(one) || [...(one.labels ?? [])].some((label) => label.contains(hit)));
  }));
  const seen = () => {
    const one = document.activeElement;
    return ringed(one) || [...(one.labels ?? [])].some(ringed) || (one.parentElement && ringed(one.parentElement));
  };
  const frame = () => new Promise((done) => requestAnimationFrame(done));
  const step = async () => {
    const one = document.activeElement;
    const faults = [];
    for (let frames = 0; frames < 30 && !(seen() && uncovered(one)); frames += 1) await frame(); // the page still scrolls
    if (!seen()) faults.push("has the focus and does not show it");
    if (!uncovered(one)) faults.push("has the focus behind something else or out of sight");
    const scrolls = one !== document.body && !one.matches(CONTROLS)
      && (one.scrollWidth > one.clientWidth || one.scrollHeight > one.clientHeight);
    return { at: all.indexOf(one), what: scrolls ? "scrolls" : name(one), faults };
  };
  const rolls = (one) => (one.scrollHeight > one.clientHeight + 1 || one.scrollWidth > one.clientWidth + 1)
    && /auto|scroll/.test(getComputedStyle(one).overflow);
  const floats = (one) => {
    for (let at = one; at && at !== document.body; at = at.parentElement)
      if (["fixed", "sticky"].includes(getComputedStyle(at).position) || rolls(at)) return true;
    return false;
  };
  const backwards = () => {
    const found = [], boxes = all.map((one) => [one, one.getBoundingClientRect()])
      .filter(([one, box]) => main.contains(one) && box.width > 1 && box.height > 1 && !floats(one));
    for (let at = 1; at < boxes.length; at += 1) {
      const [, before] = boxes[at - 1], [one, after] = boxes[at];
      const above = after.bottom <= before.top + 1 && after.left < before.right - 1;
      const left = after.right <= before.left + 1 && after.top < before.bottom - 1 && after.bottom > before.top + 1;
      if ((above || left) && !boxes[at - 1][0].contains(one)) found.push(`${name(one)} comes after ${name(boxes[at - 1][0])}, which is read after it`);
    }
    return found;
  };
  const mouseOnly = () => {
    const roles = "button, link, checkbox, switch, tab, menuitem, option, slider".split(", ").map((role) => `[role=${role}]`).join();
    const pressed = (one) => one.matches(`[onclick], ${roles}`)
      || (getComputedStyle(one).cursor === "pointer" && getComputedStyle(one.parentElement ?? one).cursor !== "pointer");
    const helped = (one) => one.closest("a[href], button, summary, select, input, textarea, [tabindex]:not(#main)")
      || (one.closest("label")?.control && takes(one.closest("label").control))
      || (one.closest("label")?.control?.matches("input[type=radio]"))
      || one.matches(":disabled") || one.closest(":disabled");
    return [...document.body.querySelectorAll("*")].filter((one) => inSight(one) && pressed(one) && !helped(one));
  };
  const faults = () => [
    ...[...document.querySelectorAll("[tabindex]")].filter((one) => one.tabIndex > 0).map((one) => `${name(one)} has a tabindex above 0`),
    ...mouseOnly().map((one) => `${name(one)} is for the mouse alone`),
    ...backwards(),
  ];
  window.stops = { all, name, step, faults, seen };
  document.body.tabIndex = -1; // some pages begin in their first field
  document.body.focus();
  document.body.removeAttribute("tabindex");
  const ahead = all.findIndex((one) => main.contains(one));
  return [all.length, ahead < 0 ? all.length : ahead];
}
