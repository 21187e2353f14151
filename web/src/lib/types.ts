// The documents of the API as far as the pages read them; /api/v1/openapi.json has all of each.

export const componentNames = ['orderflow', 'orderbook', 'volume', 'price_structure', 'technical', 'sentiment'] as const;
export type ComponentName = (typeof componentNames)[number];
export type Signal = 'LONG' | 'SHORT' | 'NEUTRAL';
export const timeframes = ['1m', '5m', '15m', '30m', '1h', '4h', '1d'] as const;
export type Timeframe = (typeof timeframes)[number];

export interface SymbolRow {
  symbol: string;
  exchange: string;
  last_price: string | null;
  change_24h: number | null;
  turnover_24h: number | null;
  funding_rate: number | null;
  open_interest: number | null;
  open_interest_change_1h?: number | null;
  score: number | null;
  signal: Signal | null;
  raw_signal: Signal | null;
  components: Record<ComponentName, number | null>;
  coverage: number;
  reliability: number;
  deep: boolean;
  as_of_ms: number;
  age_ms: number;
  concerns: string[];
  /** When this page was told it. */
  seen?: number;
}
export interface SymbolList {
  total: number;
  next_cursor: string | null;
  symbols: SymbolRow[];
}
export interface Overview {
  as_of_ms: number;
  age_ms: number;
  gainers: number;
  losers: number;
  unchanged: number;
  total: number;
  mean_change: number;
  volatility: number;
  turnover_24h: number;
  advance_decline: number;
  bitcoin: { realised_volatility: number; percentile: number | null; hours: number } | null;
  regime: string | null;
  regime_rule: string | null;
}
export interface MarketEvent {
  number: number;
  kind: string;
  severity: 'info' | 'warning' | 'critical';
  phase: string;
  time_ms: number;
  symbol: string | null;
  sentence: string;
  numbers: Record<string, number>;
}
export interface EventList {
  newest: number;
  missed: number;
  more: boolean;
  events: MarketEvent[];
}
export interface SubScore {
  score: number | null;
  pulse: number | null;
  weight: number;
  raw: Record<string, number | null>;
  samples: number;
  age_ms: number | null;
  reading: string | null;
  timeframe: string | null;
  absent: string | null;
}
export interface ComponentScore {
  score: number | null;
  pulse: number | null;
  weight: number;
  impact: number | null;
  coverage: number;
  interpretation: string;
  sub: Record<string, SubScore>;
}
export interface Calibration {
  sentence?: string;
  [name: string]: unknown;
}
export interface Confluence {
  exchange: string;
  symbol: string;
  as_of_ms: number;
  score: number | null;
  signal: Signal | null;
  raw_signal: Signal | null;
  pulse: number | null;
  coverage: number;
  reliability: number;
  consensus: number;
  disagreement: number;
  confidence: number;
  freshness: number;
  components: Record<ComponentName, ComponentScore>;
  insights: string[];
  turning_points: string[];
  calibration?: Calibration | null;
  service: {
    evaluated_ms: number;
    age_ms: number;
    evaluation_us: number;
    number: number;
    last_price: string | null;
    change_24h: number | null;
    turnover_24h: number | null;
    concerns: string[];
    deep: boolean;
  };
}
export interface Candle {
  start_ms: number;
  open: string;
  high: string;
  low: string;
  close: string;
  volume: number;
  taker_buy: number;
  taker_sell: number;
  closed: boolean;
}
export interface CandleList {
  symbol: string;
  timeframe: Timeframe;
  as_of_ms: number;
  more: boolean;
  candles: Candle[];
}
export interface Book {
  symbol: string;
  as_of_ms: number;
  valid: boolean;
  reason: string | null;
  time_ms: number;
  mid: string | null;
  spread: string | null;
  bids: [string, string][];
  asks: [string, string][];
}
export interface BookHistory {
  symbol: string;
  step: string;
  bins: number;
  columns: { time_ms: number; bid: string; ask: string; first: string; sizes: number[] }[];
}
export interface Trade {
  time_ms: number;
  price: string;
  size: string;
  side: 'buy' | 'sell';
}
export interface TradeList {
  symbol: string;
  large_notional: number | null;
  trades: Trade[];
}
export interface Profile {
  low: number;
  high: number;
  volumes: number[];
  minutes: number;
  point_of_control: number | null;
  value_area_low: number | null;
  value_area_high: number | null;
  day_vwap: number | null;
  week_vwap: number | null;
}
export interface Level {
  kind: 'support_resistance' | 'order_block' | 'fair_value_gap' | 'liquidity_pool' | 'structure_break';
  direction: 'up' | 'down' | null;
  low: number;
  high: number;
  strength: number | null;
  touches: number | null;
  time_ms: number | null;
  reversal: boolean;
}
export interface Levels {
  timeframes: Partial<Record<Timeframe, Level[]>>;
}
export interface Derivatives {
  now: {
    mark_price: string | null;
    index_price: string | null;
    open_interest: number | null;
    funding_rate: number | null;
    next_funding_ms: number | null;
    funding_interval_minutes: number | null;
  };
  open_interest: { time_ms: number; open_interest: number }[];
  funding: { time_ms: number; rate: number }[];
  account_ratio: { time_ms: number; long_share: number }[];
  liquidations: { time_ms: number; position: 'long' | 'short'; price: string; size: string }[];
}
export type ScoreSample = { time_ms: number; score: number | null; reliability: number } & Record<ComponentName, number | null>;
export interface ScoreList {
  symbol: string;
  scores: ScoreSample[];
}
export interface StoredSignal {
  symbol: string;
  sequence: number;
  id: string;
  time_ms: number;
  direction: 'LONG' | 'SHORT';
  score: number;
  coverage: number;
  reliability: number;
  entry: number;
  stop: number;
  target_1: number;
  target_2: number;
  target_3: number;
}
export interface SignalList {
  next_until: number | null;
  signals: StoredSignal[];
}
export interface Outcome {
  symbol: string;
  sequence: number;
  horizon: string;
  time_ms: number;
  state: string;
  return_share: number | null;
  favourable_r: number | null;
  adverse_r: number | null;
  first_barrier: string | null;
  targets_reached: number | null;
  gross_r: number | null;
  net_r: number | null;
  hole_ms: number;
  direction: 'LONG' | 'SHORT' | null;
  score: number | null;
  symbol_group: string | null;
  regime: string | null;
}
export interface OutcomeList {
  next_until: number | null;
  outcomes: Outcome[];
}
export const deliveryStates = ['waiting', 'delivered', 'dead'] as const;
export interface Alert {
  id: string;
  sink: string;
  time_ms: number;
  kind: string;
  symbol: string | null;
  state: (typeof deliveryStates)[number];
  attempts: number;
  next_try_ms: number | null;
  reason: string | null;
  finished_ms: number | null;
  total: number | null;
  sentence: string | null;
}
export interface AlertList {
  next_until: number | null;
  alerts: Alert[];
}
export interface SignalDetail {
  signal: StoredSignal & Record<ComponentName, number | null> & { breakdown: Breakdown | string };
  outcomes: Outcome[];
}
export interface Breakdown {
  insights?: string[];
  rules?: string[];
  entry?: { price: number; reason: string };
  stop?: { price: number; reason: string };
  targets?: { price: number; reason: string }[];
  components?: Record<ComponentName, ComponentScore>;
}
export interface Account {
  exchange: string;
  as_of_ms: number;
  age_ms: number;
  trouble: string | null;
  equity: number;
  wallet_balance: number;
  available_balance: number;
  initial_margin: number;
  unrealised: number;
  exposure: { long: number; short: number; gross: number; net: number; gross_by_equity: number | null };
  positions: {
    symbol: string;
    side: 'LONG' | 'SHORT';
    size: string;
    entry_price: number;
    mark_price: string;
    liquidation_price: number | null;
    leverage: number;
    value: number;
    unrealised: number;
    score: number | null;
    reliability: number | null;
    signal: Signal | null;
    agrees: boolean | null;
  }[];
}
