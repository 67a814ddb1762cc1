// The public HTTP API, as a browser uses it. Every failure comes out as an ApiError whose message can be shown.

import { session } from './session.js';

const LONGEST_WAIT = 30_000;

export class ApiError extends Error {
  constructor(message, { status = 0, code = '', retryAfter = null, errors = null } = {}) {
    super(message);
    this.status = status;
    this.code = code;
    this.retryAfter = retryAfter;
    this.errors = errors;
  }
}

export async function signIn(userId) {
  const answer = await call('/api/v1/login', { method: 'POST', json: { user_id: userId } });
  session.start(userId, answer.access_token, answer.expires_in);
}

/** Ends the session here at once, and then at the service. */
export async function signOut() {
  const { current } = session;
  session.end();
  if (current) await call('/api/v1/logout', { method: 'POST', token: current.token });
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

export const readAudit = (id) => call(`/api/v1/audits/${encodeURIComponent(id)}`, { token: tokenOrThrow() });

export const listAudits = () => call('/api/v1/audits', { token: tokenOrThrow() });

/** Where an export of what some parameters select is; `choices` are those of the export alone. */
export function exportAddress(parameters, choices) {
  const query = new URLSearchParams(parameters);
  for (const [name, value] of Object.entries(choices)) query.set(name, value);
  return `/api/v1/logs/export?${query}`;
}

export const proofAddress = (id) => `/api/v1/logs/${encodeURIComponent(id)}/proof?extra=true`;

async function call(path, options = {}) {
  const response = await send(path, { accept: 'application/json', ...options });
  return response.status === 204 ? null : read(response.json());
}

const callText = async (path, options = {}) => read((await send(path, { accept: 'text/plain', ...options })).text());

// A transfer that breaks off, or an answer of something that stands in between.
const read = (body) => body.catch((fault) => {
  if (fault.name === 'AbortError') throw fault;
  throw new ApiError('The service’s answer could not be read.');
});

async function send(path, { method = 'GET', json, token, accept, signal }) {
  const headers = { Accept: accept };
  if (json !== undefined) headers['Content-Type'] = 'application/json';
  if (token) headers.Authorization = `Bearer ${token}`;
  let response;
  try {
    response = await fetch(path, {
      method, headers, cache: 'no-store',
      signal: AbortSignal.any([AbortSignal.timeout(LONGEST_WAIT), ...(signal ? [signal] : [])]),
      body: json === undefined ? undefined : JSON.stringify(json),
    });
  } catch (fault) {
    if (fault.name === 'AbortError') throw fault;
    throw new ApiError(fault.name === 'TimeoutError' ? 'The service did not answer in time.' : 'The service can’t be reached.');
  }
  if (response.ok) return response;
  throw await errorOf(response);
}

async function errorOf(response) {
  const retryAfter = Number(response.headers.get('Retry-After')) || null;
  if (response.status === 401) session.end({ hasExpired: true });
  try {
    const problem = await response.json();
    const fields = problem.errors ? Object.entries(problem.errors).map(([name, texts]) => `${name} ${texts.join('; ')}`).join('. ') : '';
    return new ApiError(fields || problem.detail || problem.title, { status: response.status, code: problem.code, retryAfter, errors: problem.errors });
  } catch {
    return new ApiError(`The service answered ${response.status}.`, { status: response.status, retryAfter });
  }
}

function tokenOrThrow() {
  const { current } = session;
  if (!current) throw new ApiError('Your session has ended: sign in again.', { status: 401, code: 'unauthenticated' });
  return current.token;
}
