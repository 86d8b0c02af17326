// What the plan is drawn with; and its sheets of paper.
const make = (tag, name, text) => {
  const one = document.createElement(tag);
  if (name) one.className = name;
  if (text !== undefined) one.textContent = text;
  return one;
};
const name_ = (one, values) => { for (const [name, value] of Object.entries(values)) one.setAttribute(name, value); };
const draw = (tag, values) => {
  const one = document.createElementNS("http://www.w3.org/2000/svg", tag);
  name_(one, values);
  return one;
};
const fill = (text, values) => text.replaceAll(/\{(\w+)\}/g, (_, name) => values[name]);
const place = (one, values) => { for (const [name, value] of Object.entries(values)) one.style[name] = `${value}px`; };

// Rows stand whole on sheets of their own, each with its days, what its first rows belong to (`lead`), and what bars mean.
const FOOT = 26;
const parts = ({ rows, grouped, first, others }) => {
  const all = [];
  const above = grouped ? 0 : 1;
  for (let from = 0; from < rows.length;) {
    const lead = from && rows[from].kind > above ? rows.findLastIndex((row, number) => number < from && row.kind === above) : -1;
    const to = Math.min(rows.length, from + (from ? others : first) - (lead < 0 ? 0 : 1));
    all.push({ from, to, lead });
    from = to;
  }
  return all;
};
const sheets = (plan) => parts(plan).map(({ from, to, lead }, number, { length }) => {
  const { HEAD, tall, line } = plan;
  const one = make("div", "sheet");
  const many = to - from + (lead < 0 ? 0 : 1);
  plan.based(to - many);
  place(one, { inlineSize: plan.wide, blockSize: HEAD + many * tall + FOOT });
  const on = make("div", "rows");
  on.setAttribute("role", "list");
  if (lead >= 0) {
    const again = line(plan.rows[lead], lead);
    place(again, { insetBlockStart: HEAD });
    on.append(again);
  }
  for (let row = from; row < to; row++) on.append(line(plan.rows[row], row));
  const foot = make("div", "foot row tight");
  foot.append(plan.key.cloneNode(true), make("span", "figure fine dim", `${number + 1} / ${length}`));
  one.append(plan.ground(many), plan.heads(), plan.lines(from, to), on, foot);
  plan.based(0);
  return one;
});
globalThis.planning = { make, name_, draw, fill, place, sheets };
