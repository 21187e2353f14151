// A document that stays current: over the stream while it is open, asked for otherwise.
import { get, Problem, session } from './api.svelte';
import { stream } from './stream.svelte';

export interface LiveOptions<T> {
  /** Of /ws; without it the document is asked for alone. */
  channel?: string;
  /** Asked for again after so long while no stream carries it. */
  everyMs: number;
  /** What a change of the channel makes of what is known; without it a change is the whole. */
  merge?: (known: T, change: T) => T;
}

/** Begin it in an `$effect`, whose end ends it. */
export class Live<T> {
  data = $state.raw<T | null>(null);
  problem = $state.raw<Problem | null>(null);
  /** When the data came; 0 before. */
  at = $state(0);

  follow(path: string, options: LiveOptions<T>): () => void {
    const ends = new AbortController();
    let timer: ReturnType<typeof setTimeout> | undefined;
    const ask = async (): Promise<void> => {
      clearTimeout(timer);
      if (!document.hidden && !session.locked) {
        try {
          this.take(await get<T>(path, ends.signal));
        } catch (fault) {
          if (ends.signal.aborted) {
            return;
          }
          this.problem = fault instanceof Problem ? fault : new Problem(0, 'Fault', String(fault));
        }
      }
      const carried = options.channel !== undefined && stream.carries(options.channel);
      if (!ends.signal.aborted) {
        timer = setTimeout(ask, carried ? 15_000 : this.problem ? Math.max(options.everyMs, 2000) : options.everyMs);
      }
    };
    const wake = (): void => {
      if (!document.hidden) {
        void ask();
      }
    };
    document.addEventListener('visibilitychange', wake);
    const leave = options.channel
      ? stream.subscribe(options.channel, (data, whole) => {
          const { merge } = options;
          this.take(merge && !whole && this.data !== null ? merge(this.data, data as T) : (data as T));
        })
      : undefined;
    void ask();
    return () => {
      ends.abort();
      clearTimeout(timer);
      document.removeEventListener('visibilitychange', wake);
      leave?.();
    };
  }

  forget(): void {
    this.data = null;
    this.problem = null;
    this.at = 0;
  }

  private take(data: T): void {
    this.data = data;
    this.problem = null;
    this.at = Date.now();
  }
}
