// The public HTTP API, as a browser uses it. Every failure comes out as an ApiError whose message can be shown.

const STORED_SESSION = 'logapi.session';

export class ApiError extends Error {
  constructor(message, { status = 0, code = '', retryAfter = null, errors = null } = {}) {
    super(message);
    this.status = status;
    this.code = code;
    this.retryAfter = retryAfter;
    this.errors = errors;
  }
}

/** Who is signed in, for as long as the tab lives; null when nobody is. */
export function readSession() {
  try {
    const session = JSON.parse(sessionStorage.getItem(STORED_SESSION));
    return session && session.expires > Date.now() ? session : null;
  } catch {
    return null;
  }
}

export async function signIn(userId) {
  const answer = await call('/api/v1/login', { method: 'POST', json: { user_id: userId } });
  const session = { userId, token: answer.access_token, expires: Date.now() + (answer.expires_in * 1000) };
  sessionStorage.setItem(STORED_SESSION, JSON.stringify(session));
  return session;
}

export async function signOut() {
  const session = readSession();
  sessionStorage.removeItem(STORED_SESSION);
  if (session) await call('/api/v1/logout', { method: 'POST', token: session.token });
}

export const searchLogs = (parameters, signal) => call(`/api/v1/logs?${parameters}`, { signal });

export const readLog = (id) => call(`/api/v1/logs/${encodeURIComponent(id)}`);

export const writeLog = (entry) => call('/api/v1/logs', { method: 'PUT', json: entry, token: tokenOrThrow() });

export const readStats = (users, signal) => call(`/api/v1/stats?users=${users}`, { signal });

export const verifyLog = (id) => call(`/api/v1/verify/${encodeURIComponent(id)}`);

export const readProof = (id) => call(`/api/v1/logs/${encodeURIComponent(id)}/proof`, { accept: 'application/json' });

export const readTransparency = (signal) => call('/api/v1/transparency', { signal });

export const readCheckpoint = (signal) => callText('/checkpoint', { signal });

export const readConsistency = (from, to) => call(`/api/v1/transparency/consistency?from=${from}&to=${to}`);

export const startAudit = () => call('/api/v1/audits', { method: 'POST', token: tokenOrThrow() });

export const readAudit = (id, signal) => call(`/api/v1/audits/${encodeURIComponent(id)}`, { signal });

export const listAudits = (signal) => call('/api/v1/audits', { signal });

/** Where an export of what some parameters select is. */
export const exportAddress = (parameters, format, proofs) => {
  const query = new URLSearchParams(parameters);
  query.set('format', format);
  if (proofs) query.set('proofs', 'true');
  return `/api/v1/logs/export?${query}`;
};

export const proofAddress = (id) => `/api/v1/logs/${encodeURIComponent(id)}/proof?extra=true`;

async function call(path, options = {}) {
  const response = await send(path, { accept: 'application/json', ...options });
  return response.status === 204 ? null : response.json();
}

const callText = async (path, options = {}) => (await send(path, { accept: 'text/plain', ...options })).text();

async function send(path, { method = 'GET', json, token, accept, signal }) {
  const headers = { Accept: accept };
  if (json !== undefined) headers['Content-Type'] = 'application/json';
  if (token) headers.Authorization = `Bearer ${token}`;
  let response;
  try {
    response = await fetch(path, { method, headers, signal, cache: 'no-store', body: json === undefined ? undefined : JSON.stringify(json) });
  } catch (fault) {
    if (fault.name === 'AbortError') throw fault;
    throw new ApiError('The service can’t be reached.');
  }
  if (response.ok) return response;
  throw await errorOf(response);
}

async function errorOf(response) {
  const retryAfter = Number(response.headers.get('Retry-After')) || null;
  if (response.status === 401) sessionStorage.removeItem(STORED_SESSION);
  try {
    const problem = await response.json();
    const fields = problem.errors ? Object.entries(problem.errors).map(([name, texts]) => `${name} ${texts.join('; ')}`).join('. ') : '';
    return new ApiError(fields || problem.detail || problem.title, { status: response.status, code: problem.code, retryAfter, errors: problem.errors });
  } catch {
    return new ApiError(`The service answered ${response.status}.`, { status: response.status, retryAfter });
  }
}

function tokenOrThrow() {
  const session = readSession();
  if (!session) throw new ApiError('Sign in first.', { status: 401, code: 'unauthenticated' });
  return session.token;
}
