// What this browser remembers. All of it is small, and none of it is needed.
import type { Zone } from './format';

const key = 'virtuoso.settings';

export interface SavedView {
  name: string;
  query: string;
}
interface Stored {
  theme: 'dark' | 'light' | 'system';
  zone: Zone;
  stars: string[];
  views: SavedView[];
  sounds: string[];
  soundFrom: number;
  equity: number;
  risk: number;
  helped: boolean;
}

function stored(): Partial<Stored> {
  try {
    return JSON.parse(localStorage.getItem(key) ?? '{}') as Partial<Stored>;
  } catch {
    return {};
  }
}

const darkScheme = matchMedia('(prefers-color-scheme: dark)');

class Settings {
  theme = $state<Stored['theme']>('system');
  /** What the system has, for as long as no theme is chosen. */
  systemDark = $state(darkScheme.matches);
  zone = $state<Zone>('UTC');
  stars = $state<string[]>([]);
  views = $state<SavedView[]>([]);
  /** Kinds of events that are heard. */
  sounds = $state<string[]>([]);
  /** Those that have a size are heard from this one on, USDT. */
  soundFrom = $state(0);
  equity = $state(10_000);
  risk = $state(1);
  helped = $state(false);

  constructor() {
    Object.assign(this, stored());
    this.show();
    darkScheme.addEventListener('change', () => (this.systemDark = darkScheme.matches));
    // Several windows show the same.
    window.addEventListener('storage', (event) => {
      if (event.key === key) {
        Object.assign(this, stored());
        this.show();
      }
    });
  }

  change(changes: Partial<Stored>): void {
    Object.assign(this, changes);
    this.show();
    const { theme, zone, stars, views, sounds, soundFrom, equity, risk, helped } = this;
    try {
      localStorage.setItem(key, JSON.stringify({ theme, zone, stars, views, sounds, soundFrom, equity, risk, helped }));
    } catch {
      // A browser that keeps nothing still shows everything.
    }
  }

  star(symbol: string): void {
    const stars = this.stars.includes(symbol) ? this.stars.filter((one) => one !== symbol) : [...this.stars, symbol];
    this.change({ stars });
  }

  private show(): void {
    const root = document.documentElement;
    if (this.theme === 'system') {
      delete root.dataset.theme;
    } else {
      root.dataset.theme = this.theme;
    }
  }
}
export const settings = new Settings();
