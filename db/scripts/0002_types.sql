-- The closed sets of values, spelled as the original spells them (so both canceling and cancelled).

CREATE TYPE enforcement_status_enum AS ENUM ('created', 'processed', 'disabled');

CREATE TYPE enforcement_condition_enum AS ENUM ('any', 'all');

CREATE TYPE execution_status_enum AS ENUM
    ('requested', 'scheduling', 'scheduled', 'running', 'completed', 'failed', 'canceling', 'cancelled', 'timeout', 'abandoned');

CREATE TYPE worker_type_enum AS ENUM ('local', 'remote', 'container');

CREATE TYPE worker_role_enum AS ENUM ('action', 'sensor', 'hybrid');

CREATE TYPE worker_status_enum AS ENUM ('active', 'inactive', 'busy', 'error');
