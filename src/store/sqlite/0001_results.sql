-- A signal and what an audit of it needs. epoch: of the lease that a writer held; 0 where one machine writes alone.
CREATE TABLE signals (
    exchange        TEXT NOT NULL,
    symbol          TEXT NOT NULL,
    sequence        INTEGER NOT NULL,
    id              TEXT NOT NULL,
    epoch           INTEGER NOT NULL,
    time_ms         INTEGER NOT NULL,
    received_ms     INTEGER NOT NULL,
    direction       TEXT NOT NULL,
    score           REAL NOT NULL,
    coverage        REAL NOT NULL,
    reliability     REAL NOT NULL,
    orderflow       REAL,
    orderbook       REAL,
    volume          REAL,
    price_structure REAL,
    technical       REAL,
    sentiment       REAL,
    entry           REAL NOT NULL,
    stop            REAL NOT NULL,
    target_1        REAL NOT NULL,
    target_2        REAL NOT NULL,
    target_3        REAL NOT NULL,
    settings        TEXT NOT NULL,
    breakdown       TEXT NOT NULL,
    PRIMARY KEY (exchange, symbol, sequence)
) STRICT;
CREATE INDEX signals_by_time ON signals (time_ms);

-- What became of a signal by a horizon, or by its barriers ("plan"). hole_ms: so much of the time was not seen.
CREATE TABLE outcomes (
    exchange        TEXT NOT NULL,
    symbol          TEXT NOT NULL,
    sequence        INTEGER NOT NULL,
    horizon         TEXT NOT NULL,
    time_ms         INTEGER NOT NULL,
    state           TEXT NOT NULL,
    return_share    REAL,
    favourable_r    REAL,
    adverse_r       REAL,
    first_barrier   TEXT,
    targets_reached INTEGER,
    gross_r         REAL,
    net_r           REAL,
    hole_ms         INTEGER NOT NULL,
    PRIMARY KEY (exchange, symbol, sequence, horizon)
) STRICT, WITHOUT ROWID;
CREATE INDEX outcomes_by_time ON outcomes (time_ms);

-- The last evaluation of each minute.
CREATE TABLE scores (
    exchange        TEXT NOT NULL,
    symbol          TEXT NOT NULL,
    time_ms         INTEGER NOT NULL,
    score           REAL,
    orderflow       REAL,
    orderbook       REAL,
    volume          REAL,
    price_structure REAL,
    technical       REAL,
    sentiment       REAL,
    reliability     REAL NOT NULL,
    PRIMARY KEY (exchange, symbol, time_ms)
) STRICT, WITHOUT ROWID;
CREATE INDEX scores_by_time ON scores (time_ms);

-- life: when the process that saw it began, in ns; number: of its events.
CREATE TABLE events (
    exchange TEXT NOT NULL,
    life     INTEGER NOT NULL,
    number   INTEGER NOT NULL,
    time_ms  INTEGER NOT NULL,
    kind     TEXT NOT NULL,
    severity TEXT NOT NULL,
    phase    TEXT NOT NULL,
    symbol   TEXT,
    sentence TEXT NOT NULL,
    numbers  TEXT NOT NULL,
    PRIMARY KEY (exchange, life, number)
) STRICT;
CREATE INDEX events_by_time ON events (time_ms);

-- The market as a whole, once a minute.
CREATE TABLE overview (
    exchange           TEXT NOT NULL,
    time_ms            INTEGER NOT NULL,
    gainers            INTEGER NOT NULL,
    losers             INTEGER NOT NULL,
    unchanged          INTEGER NOT NULL,
    total              INTEGER NOT NULL,
    mean_change        REAL NOT NULL,
    volatility         REAL NOT NULL,
    turnover_24h       REAL NOT NULL,
    advance_decline    INTEGER NOT NULL,
    bitcoin_volatility REAL,
    bitcoin_percentile REAL,
    regime             TEXT,
    regime_rule        TEXT NOT NULL,
    PRIMARY KEY (exchange, time_ms)
) STRICT, WITHOUT ROWID;
CREATE INDEX overview_by_time ON overview (time_ms);

-- Runs of the memory keeper.
CREATE TABLE keeper_runs (
    exchange             TEXT NOT NULL,
    life                 INTEGER NOT NULL,
    number               INTEGER NOT NULL,
    time_ms              INTEGER NOT NULL,
    asked_for            INTEGER NOT NULL,
    late_ms              INTEGER NOT NULL,
    duration_ms          INTEGER NOT NULL,
    interval_ms          INTEGER NOT NULL,
    pressure             TEXT NOT NULL,
    before_bytes         INTEGER NOT NULL,
    after_bytes          INTEGER NOT NULL,
    candles              INTEGER NOT NULL,
    open_interest_points INTEGER NOT NULL,
    trades               INTEGER NOT NULL,
    others               INTEGER NOT NULL,
    objects              INTEGER NOT NULL,
    trimmed_bytes        INTEGER NOT NULL,
    shed_bytes           INTEGER NOT NULL,
    error                TEXT,
    PRIMARY KEY (exchange, life, number)
) STRICT;
CREATE INDEX keeper_runs_by_time ON keeper_runs (time_ms);

-- A part of the service became good or bad.
CREATE TABLE health_transitions (
    exchange TEXT NOT NULL,
    life     INTEGER NOT NULL,
    number   INTEGER NOT NULL,
    time_ms  INTEGER NOT NULL,
    part     TEXT NOT NULL,
    good     INTEGER NOT NULL,
    detail   TEXT NOT NULL,
    PRIMARY KEY (exchange, life, number)
) STRICT;
CREATE INDEX health_transitions_by_time ON health_transitions (time_ms);

-- The outbox: what is to be delivered, and what became of it. id is the idempotency key.
CREATE TABLE alerts (
    id          TEXT NOT NULL,
    sink        TEXT NOT NULL,
    time_ms     INTEGER NOT NULL,
    kind        TEXT NOT NULL,
    exchange    TEXT NOT NULL,
    symbol      TEXT,
    payload     TEXT NOT NULL,
    state       TEXT NOT NULL,
    attempts    INTEGER NOT NULL,
    next_try_ms INTEGER,
    reason      TEXT,
    finished_ms INTEGER,
    PRIMARY KEY (id, sink)
) STRICT;
CREATE INDEX alerts_by_time ON alerts (time_ms);

-- What a sink has to try next.
CREATE INDEX alerts_by_next_try ON alerts (state, next_try_ms);
