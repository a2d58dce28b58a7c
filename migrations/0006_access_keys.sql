-- Access keys: who may use the service. Secrets are sealed under a master key that is not in the database.
-- Locks: none that matter, everything is new.
-- breaking: no

CREATE TABLE stanchion.access_key (
  access_key_id text COLLATE "C" PRIMARY KEY,
  account_id text COLLATE "C" NOT NULL,
  description text NOT NULL,
  role text NOT NULL CHECK (role IN ('admin', 'producer', 'consumer', 'reader')),
  queue_pattern text NOT NULL,
  sealed_secret bytea NOT NULL,
  created_at timestamptz NOT NULL,
  expires_at timestamptz,
  disabled_at timestamptz,
  last_used_at timestamptz
);
CREATE INDEX access_key_account ON stanchion.access_key (account_id);
