// Where we are: #/symbol/BTCUSDT?tf=5m. Everything a page shows can be linked to.
export interface Place {
  page: string;
  part: string;
  query: URLSearchParams;
}

export function placeFrom(hash: string): Place {
  const [path = '', query = ''] = hash.replace(/^#\/?/, '').split('?');
  const [page = '', part = ''] = path.split('/');
  return { page: page || 'market', part: decode(part), query: new URLSearchParams(query) };
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

export function linkTo(page: string, part = '', query: Record<string, string> = {}): string {
  const asked = new URLSearchParams(Object.entries(query).filter(([, value]) => value !== '')).toString();
  return `#/${page}${part ? `/${encodeURIComponent(part)}` : ''}${asked ? `?${asked}` : ''}`;
}

class Route {
  place = $state.raw<Place>(placeFrom(location.hash));

  constructor() {
    window.addEventListener('hashchange', () => {
      this.place = placeFrom(location.hash);
    });
  }

  go(link: string): void {
    location.hash = link;
  }

  /** Changes of a view are no steps back. */
  adjust(changes: Record<string, string>): void {
    const query: Record<string, string> = { ...Object.fromEntries(this.place.query), ...changes };
    history.replaceState(null, '', linkTo(this.place.page, this.place.part, query));
    this.place = placeFrom(location.hash);
  }
}
export const route = new Route();
