// The two ways that live messages come by. Both take the same parameters and call the same handlers:
// `onOpen()`, `onMessage(message)` and, once, `onEnd({ reason, after, retryAfter })`. Both give a function that ends them.

/** One WebSocket. */
export function openWebSocket(parameters, handlers) {
  const address = new URL(`/ws/logs?${parameters}`, location.href);
  address.protocol = address.protocol === 'https:' ? 'wss:' : 'ws:';
  const socket = new WebSocket(address);
  socket.onopen = handlers.onOpen;
  socket.onmessage = (event) => handlers.onMessage(JSON.parse(event.data));
  socket.onclose = (event) => handlers.onEnd({ reason: wordsOf(event), ...hintsOf(event.reason) });
  return () => {
    socket.onopen = socket.onmessage = socket.onclose = null;
    socket.close(1000);
  };
}

/** The same over a plain HTTP answer that does not end (server-sent events), for where upgrades don't get through. */
export function openEventSource(parameters, handlers) {
  const source = new EventSource(`/api/v1/logs/stream?${parameters}`);
  const end = (detail) => {
    // Left to itself it would come back on its own, and the pauses are ours to choose.
    source.close();
    handlers.onEnd(detail);
  };
  source.onopen = handlers.onOpen;
  source.onmessage = (event) => handlers.onMessage(JSON.parse(event.data));
  source.onerror = () => end({ reason: '', after: null, retryAfter: null });
  source.addEventListener('close', (event) => {
    const { reason, after, retry_ms: retryAfter } = JSON.parse(event.data);
    end({ reason: textOf(reason), after: after ?? null, retryAfter: retryAfter ?? null });
  });
  return () => source.close();
}

// `<words>; after=<epoch>-<seq>; retry_ms=<n>` is what a service says that closes on purpose.
function hintsOf(reason) {
  const after = /after=([0-9a-f]+-(?:-1|\d+))/.exec(reason);
  const retry = /retry_ms=(\d{1,7})/.exec(reason);
  return { after: after ? after[1] : null, retryAfter: retry ? Number(retry[1]) : null };
}

const textOf = (reason) => (reason ?? '').split(';')[0].trim();

function wordsOf({ code, reason }) {
  const said = textOf(reason);
  if (said) return `The service ended the connection: ${said}.`;
  return { 1001: 'The service is going away.', 1006: '', 1013: 'This browser was too slow.' }[code] ?? `The connection ended (code ${code}).`;
}
