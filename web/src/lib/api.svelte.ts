// The service's documents over HTTP.

/** An answer that is none: RFC 9457, or a connection that is not there (status 0). */
export class Problem extends Error {
  constructor(
    readonly status: number,
    readonly title: string,
    readonly detail: string,
  ) {
    super(detail || title);
  }
}

const tokenKey = 'virtuoso.token';

class Session {
  token = $state(sessionStorage.getItem(tokenKey) ?? '');
  /** The service asks who we are. */
  locked = $state(false);
  /** Since when no answer came; null while they do. */
  lostSince = $state<number | null>(null);
  lastAnswer = $state(0);

  unlock(token: string): void {
    this.token = token;
    sessionStorage.setItem(tokenKey, token);
    this.locked = false;
  }
}
export const session = new Session();

export async function get<T>(path: string, signal?: AbortSignal): Promise<T> {
  let answer: Response;
  try {
    answer = await fetch(path, {
      headers: session.token ? { Authorization: `Bearer ${session.token}` } : {},
      cache: 'no-cache',
      ...(signal ? { signal } : {}),
    });
  } catch (fault) {
    if (signal?.aborted) {
      throw fault;
    }
    session.lostSince ??= Date.now();
    throw new Problem(0, 'No connection', 'the service does not answer');
  }
  session.lostSince = null;
  session.lastAnswer = Date.now();
  if (answer.status === 401) {
    session.locked = true;
  }
  if (!answer.ok) {
    const told: unknown = await answer.json().catch(() => ({}));
    const { title, detail } = told as { title?: string; detail?: string };
    throw new Problem(answer.status, title ?? answer.statusText, detail ?? '');
  }
  return (await answer.json()) as T;
}

export async function text(path: string): Promise<string> {
  const answer = await fetch(path, {
    headers: session.token ? { Authorization: `Bearer ${session.token}` } : {},
    cache: 'no-cache',
  });
  if (!answer.ok) {
    throw new Problem(answer.status, answer.statusText, '');
  }
  return answer.text();
}
