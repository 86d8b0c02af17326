// Shared by all tabs of this browser: one stream for the topics of them all.
const tabs = new Map();
let want = null;
let up = null;
let unheard = Infinity; // when the oldest page was made that no stream has looked back to yet
const lately = new Map(); // topic: when it was last said to have changed

const tell = (message, wanted = () => true) => { for (const [port, tab] of tabs) if (wanted(tab)) port.postMessage(message); };
const ask = () => want?.([...tabs.values()].flatMap((tab) => tab.topics));
const sweep = () => {
  for (const [port, tab] of tabs) if (Date.now() - tab.heard > 90000) tabs.delete(port);
  ask();
};
globalThis.onconnect = (event) => {
  const port = event.ports[0];
  port.onmessage = ({ data }) => {
    if (data.topics) {
      tabs.set(port, { topics: data.topics, heard: Date.now() });
      unheard = Math.min(unheard, data.since);
      for (const topic of data.topics) if (lately.get(topic) >= data.since) port.postMessage({ changed: topic });
    }
    if (data.bye) tabs.delete(port);
    else if (tabs.has(port)) tabs.get(port).heard = Date.now();
    want ??= globalThis.openStream({
      tokens: data.tokens,
      stream: data.stream,
      since: () => {
        const from = unheard;
        unheard = Infinity;
        return from;
      },
      changed: (topic) => {
        lately.set(topic, Date.now());
        tell({ changed: topic }, (tab) => tab.topics.includes(topic));
      },
      state: (now) => {
        up = now;
        tell({ up });
      },
    });
    ask();
    if (data.topics && up !== null) port.postMessage({ up });
  };
};
setInterval(sweep, 30000);
