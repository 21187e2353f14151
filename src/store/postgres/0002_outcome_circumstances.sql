-- Under which circumstances a signal began: calibration reads outcomes alone, without the breakdowns of their signals.
ALTER TABLE outcomes ADD COLUMN direction TEXT;
ALTER TABLE outcomes ADD COLUMN score DOUBLE PRECISION;
ALTER TABLE outcomes ADD COLUMN symbol_group TEXT;
ALTER TABLE outcomes ADD COLUMN regime TEXT;
