-- A signal and what an audit of it needs. epoch: of the lease that a writer held; 0 where one machine writes alone.
CREATE TABLE signals (
    exchange        TEXT COLLATE "C" NOT NULL,
    symbol          TEXT COLLATE "C" NOT NULL,
    sequence        BIGINT NOT NULL,
    id              TEXT NOT NULL,
    epoch           BIGINT NOT NULL,
    time_ms         BIGINT NOT NULL,
    received_ms     BIGINT NOT NULL,
    direction       TEXT NOT NULL,
    score           DOUBLE PRECISION NOT NULL,
    coverage        DOUBLE PRECISION NOT NULL,
    reliability     DOUBLE PRECISION NOT NULL,
    orderflow       DOUBLE PRECISION,
    orderbook       DOUBLE PRECISION,
    volume          DOUBLE PRECISION,
    price_structure DOUBLE PRECISION,
    technical       DOUBLE PRECISION,
    sentiment       DOUBLE PRECISION,
    entry           DOUBLE PRECISION NOT NULL,
    stop            DOUBLE PRECISION NOT NULL,
    target_1        DOUBLE PRECISION NOT NULL,
    target_2        DOUBLE PRECISION NOT NULL,
    target_3        DOUBLE PRECISION NOT NULL,
    settings        TEXT NOT NULL,
    breakdown       TEXT NOT NULL,
    PRIMARY KEY (exchange, symbol, sequence)
);
CREATE INDEX signals_by_time ON signals (time_ms);

-- What became of a signal by a horizon, or by its barriers ("plan"). hole_ms: so much of the time was not seen.
CREATE TABLE outcomes (
    exchange        TEXT COLLATE "C" NOT NULL,
    symbol          TEXT COLLATE "C" NOT NULL,
    sequence        BIGINT NOT NULL,
    horizon         TEXT COLLATE "C" NOT NULL,
    time_ms         BIGINT NOT NULL,
    state           TEXT NOT NULL,
    return_share    DOUBLE PRECISION,
    favourable_r    DOUBLE PRECISION,
    adverse_r       DOUBLE PRECISION,
    first_barrier   TEXT,
    targets_reached BIGINT,
    gross_r         DOUBLE PRECISION,
    net_r           DOUBLE PRECISION,
    hole_ms         BIGINT NOT NULL,
    PRIMARY KEY (exchange, symbol, sequence, horizon)
);
CREATE INDEX outcomes_by_time ON outcomes (time_ms);

-- The last evaluation of each minute.
CREATE TABLE scores (
    exchange        TEXT COLLATE "C" NOT NULL,
    symbol          TEXT COLLATE "C" NOT NULL,
    time_ms         BIGINT NOT NULL,
    score           DOUBLE PRECISION,
    orderflow       DOUBLE PRECISION,
    orderbook       DOUBLE PRECISION,
    volume          DOUBLE PRECISION,
    price_structure DOUBLE PRECISION,
    technical       DOUBLE PRECISION,
    sentiment       DOUBLE PRECISION,
    reliability     DOUBLE PRECISION NOT NULL,
    PRIMARY KEY (exchange, symbol, time_ms)
);
CREATE INDEX scores_by_time ON scores (time_ms);

-- life: when the process that saw it began, in ns; number: of its events.
CREATE TABLE events (
    exchange TEXT COLLATE "C" NOT NULL,
    life     BIGINT NOT NULL,
    number   BIGINT NOT NULL,
    time_ms  BIGINT NOT NULL,
    kind     TEXT NOT NULL,
    severity TEXT NOT NULL,
    phase    TEXT NOT NULL,
    symbol   TEXT,
    sentence TEXT NOT NULL,
    numbers  TEXT NOT NULL,
    PRIMARY KEY (exchange, life, number)
);
CREATE INDEX events_by_time ON events (time_ms);

-- The market as a whole, once a minute.
CREATE TABLE overview (
    exchange           TEXT COLLATE "C" NOT NULL,
    time_ms            BIGINT NOT NULL,
    gainers            BIGINT NOT NULL,
    losers             BIGINT NOT NULL,
    unchanged          BIGINT NOT NULL,
    total              BIGINT NOT NULL,
    mean_change        DOUBLE PRECISION NOT NULL,
    volatility         DOUBLE PRECISION NOT NULL,
    turnover_24h       DOUBLE PRECISION NOT NULL,
    advance_decline    BIGINT NOT NULL,
    bitcoin_volatility DOUBLE PRECISION,
    bitcoin_percentile DOUBLE PRECISION,
    regime             TEXT,
    regime_rule        TEXT NOT NULL,
    PRIMARY KEY (exchange, time_ms)
);
CREATE INDEX overview_by_time ON overview (time_ms);

-- Runs of the memory keeper.
CREATE TABLE keeper_runs (
    exchange             TEXT COLLATE "C" NOT NULL,
    life                 BIGINT NOT NULL,
    number               BIGINT NOT NULL,
    time_ms              BIGINT NOT NULL,
    asked_for            BIGINT NOT NULL,
    late_ms              BIGINT NOT NULL,
    duration_ms          BIGINT NOT NULL,
    interval_ms          BIGINT NOT NULL,
    pressure             TEXT NOT NULL,
    before_bytes         BIGINT NOT NULL,
    after_bytes          BIGINT NOT NULL,
    candles              BIGINT NOT NULL,
    open_interest_points BIGINT NOT NULL,
    trades               BIGINT NOT NULL,
    others               BIGINT NOT NULL,
    objects              BIGINT NOT NULL,
    trimmed_bytes        BIGINT NOT NULL,
    shed_bytes           BIGINT NOT NULL,
    error                TEXT,
    PRIMARY KEY (exchange, life, number)
);
CREATE INDEX keeper_runs_by_time ON keeper_runs (time_ms);

-- A part of the service became good or bad.
CREATE TABLE health_transitions (
    exchange TEXT COLLATE "C" NOT NULL,
    life     BIGINT NOT NULL,
    number   BIGINT NOT NULL,
    time_ms  BIGINT NOT NULL,
    part     TEXT NOT NULL,
    good     BIGINT NOT NULL,
    detail   TEXT NOT NULL,
    PRIMARY KEY (exchange, life, number)
);
CREATE INDEX health_transitions_by_time ON health_transitions (time_ms);

-- The outbox: what is to be delivered, and what became of it. id is the idempotency key.
CREATE TABLE alerts (
    id          TEXT COLLATE "C" NOT NULL,
    sink        TEXT COLLATE "C" NOT NULL,
    time_ms     BIGINT NOT NULL,
    kind        TEXT NOT NULL,
    exchange    TEXT NOT NULL,
    symbol      TEXT,
    payload     TEXT NOT NULL,
    state       TEXT NOT NULL,
    attempts    BIGINT NOT NULL,
    next_try_ms BIGINT,
    reason      TEXT,
    finished_ms BIGINT,
    PRIMARY KEY (id, sink)
);
CREATE INDEX alerts_by_time ON alerts (time_ms);

-- What a sink has to try next.
CREATE INDEX alerts_by_next_try ON alerts (state, next_try_ms);
