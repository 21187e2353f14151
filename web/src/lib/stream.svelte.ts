// One WebSocket for all that changes; it comes back by itself.
import { session } from './api.svelte';

/** `whole`: it is a snapshot, not what changed since the message before. */
type Take = (data: unknown, whole: boolean) => void;
interface Message {
  schema?: string;
  channel?: string;
  kind?: string;
  skipped?: number;
  data?: unknown;
}

const pauseMin = 500;
const pauseMax = 15_000;

class Stream {
  /** "off": this service has none, or it does not let us. */
  state = $state<'connecting' | 'open' | 'lost' | 'off'>('connecting');
  /** States that were left out because this page was slow. */
  skipped = $state(0);

  private socket: WebSocket | null = null;
  private readonly takers = new Map<string, Set<Take>>();
  private readonly carried = new Set<string>();
  private pause = pauseMin;
  private refusals = 0;
  private timer: ReturnType<typeof setTimeout> | undefined;

  /** Whether messages of this channel come. */
  carries(channel: string): boolean {
    return this.state === 'open' && this.carried.has(channel);
  }

  subscribe(channel: string, take: Take): () => void {
    let takers = this.takers.get(channel);
    if (!takers) {
      takers = new Set();
      this.takers.set(channel, takers);
      this.say('subscribe', [channel]);
    }
    takers.add(take);
    this.connect();
    return () => {
      takers.delete(take);
      if (takers.size === 0 && this.takers.get(channel) === takers) {
        this.takers.delete(channel);
        this.carried.delete(channel);
        this.say('unsubscribe', [channel]);
      }
    };
  }

  /** A tab that was asleep looks at once whether its connection still is one. */
  wake(): void {
    if (this.state === 'lost') {
      this.pause = pauseMin;
      clearTimeout(this.timer);
      this.timer = undefined;
      this.connect();
    }
  }

  private connect(): void {
    if (this.socket || this.timer !== undefined || this.state === 'off') {
      return;
    }
    const address = `${location.protocol === 'https:' ? 'wss' : 'ws'}://${location.host}/ws`;
    const socket = new WebSocket(address, session.token ? ['virtuoso', `bearer.${session.token}`] : ['virtuoso']);
    let opened = false;
    this.socket = socket;
    socket.onopen = () => {
      opened = true;
      this.refusals = 0;
      this.pause = pauseMin;
      this.state = 'open';
      this.say('subscribe', [...this.takers.keys()]);
    };
    socket.onmessage = (event: MessageEvent<string>) => this.take(event.data);
    socket.onclose = () => {
      this.socket = null;
      this.carried.clear();
      this.refusals += opened ? 0 : 1;
      // Documents are asked for over HTTP meanwhile; where that works and this never does, it is not there.
      this.state = this.refusals > 3 && session.lostSince === null ? 'off' : 'lost';
      this.timer = setTimeout(() => {
        this.timer = undefined;
        this.connect();
      }, this.pause);
      this.pause = Math.min(this.pause * 2, pauseMax);
    };
  }

  private take(text: string): void {
    let message: Message;
    try {
      message = JSON.parse(text) as Message;
    } catch {
      return;
    }
    session.lostSince = null;
    session.lastAnswer = Date.now();
    if (message.channel === undefined || message.data == null) {
      return;
    }
    this.carried.add(message.channel);
    this.skipped += message.skipped ?? 0;
    for (const take of this.takers.get(message.channel) ?? []) {
      take(message.data, message.kind === 'snapshot');
    }
  }

  private say(op: 'subscribe' | 'unsubscribe', channels: string[]): void {
    if (this.socket?.readyState === WebSocket.OPEN && channels.length > 0) {
      this.socket.send(JSON.stringify({ op, channels }));
    }
  }
}
export const stream = new Stream();

document.addEventListener('visibilitychange', () => {
  if (!document.hidden) {
    stream.wake();
  }
});
window.addEventListener('online', () => stream.wake());
