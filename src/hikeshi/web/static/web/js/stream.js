// One stream from the desk: a token for the wanted topics, then events that say only "this topic changed". When it breaks it
// comes back by itself, slower each time, and then every topic counts as changed: something may have been missed. A page
// listens a moment after it was made: `since` (milliseconds of this clock, asked once) is how far back the desk must look.
globalThis.openStream = ({ tokens, stream, changed, state, since }) => {
  let topics = [];
  let source = null;
  let again = 0;
  let tries = 0;
  let missed = false;

  const later = (seconds) => {
    clearTimeout(again);
    again = setTimeout(connect, seconds * 1000);
  };
  const broken = () => {
    source?.close();
    source = null;
    missed = true;
    state(false);
    tries += 1;
    later(Math.min(30, 2 ** Math.min(tries, 5)) * (0.5 + Math.random()));
  };
  const connect = async () => {
    clearTimeout(again);
    if (!topics.length) {
      source?.close();
      source = null;
      return;
    }
    try {
      const query = new URLSearchParams(topics.map((topic) => ["topic", topic]));
      query.set("age", Math.ceil(Math.min(60, Math.max(0, (Date.now() - since()) / 1000))));
      const answer = await fetch(`${tokens}?${query}`, { headers: { Accept: "application/json" }, credentials: "same-origin" });
      if (!answer.ok) throw new Error(answer.status);
      const { token, seconds } = await answer.json();
      const next = new EventSource(`${stream}?topics=${encodeURIComponent(token)}`);
      next.onopen = () => {
        if (source !== next) source?.close();
        source = next;
        tries = 0;
        state(true);
        if (missed) topics.forEach(changed);
        missed = false;
        later(seconds * 0.8);
      };
      next.addEventListener("changed", (event) => JSON.parse(event.data).topics.forEach(changed));
      next.addEventListener("expired", () => later(0));
      next.onerror = () => { if (next.readyState !== EventSource.OPEN) { next.close(); broken(); } };
    } catch {
      broken();
    }
  };
  return (wanted) => {
    const sorted = [...new Set(wanted)].sort();
    if (sorted.join() === topics.join()) return;
    topics = sorted;
    later(0.1);
  };
};
