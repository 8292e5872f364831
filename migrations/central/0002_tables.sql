-- Why: what central keeps. Events, marks, quarantine and lost claims are keyed by site, claims by
-- (client, order), or two sites could pay the same unit. Every key holds its distribution column.
-- Row-level security is forced, on the owner too: a station's session touches rows of its own site
-- only, even through the functions that run as the owner. Sessions that are no station's (the
-- administrator, the worker) have no site and see all.

set local role dockside_owner;

create table dockside.epoch (
  one integer primary key default 1 check (one = 1),
  epoch uuid not null default gen_random_uuid()
);
insert into dockside.epoch default values;

create table dockside.station (
  login name primary key,
  site text not null check (site <> ''),
  station integer not null check (station between 1 and 999),
  enrolled_at timestamptz not null default now(),
  revoked_at timestamptz,
  seen_at timestamptz,
  unique (site, station)
);

-- The high-water mark of a stream: what makes a push idempotent. The station is kept, so that no
-- other station of the site can push into the stream.
create table dockside.stream_mark (
  site text not null,
  stream uuid not null,
  station integer not null,
  last_seq bigint not null check (last_seq >= 0),
  last_hash bytea not null check (length(last_hash) = 32),
  seen_at timestamptz not null default now(),
  primary key (site, stream)
);

-- Envelopes as they were written, with their place in the chain. `day` is the UTC date of `at`:
-- it comes from the event and never changes, so it can be the partition key.
create table dockside.event (
  site text not null,
  station integer not null,
  stream uuid not null,
  seq bigint not null check (seq > 0),
  day date not null,
  event_id uuid not null,
  at bigint not null,
  kind text not null,
  v integer not null,
  body bytea not null,
  hash bytea not null check (length(hash) = 32),
  received_at timestamptz not null default now(),
  primary key (site, stream, seq, day)
) partition by range (day);

-- Takes every day that has no month of its own: no event waits for a partition to be made.
create table dockside.event_default partition of dockside.event default;

-- What is in the chain and can't be read as an event of its stream: kept to the byte.
create table dockside.quarantine (
  site text not null,
  station integer not null,
  stream uuid not null,
  seq bigint not null check (seq > 0),
  why text not null,
  body bytea not null,
  hash bytea not null check (length(hash) = 32),
  received_at timestamptz not null default now(),
  primary key (site, stream, seq)
);

-- One row a sold unit that was received somewhere. Plain here; on a distributed engine it is
-- distributed by (client, order_no). Never pruned while the order can still be refunded.
create table dockside.claim (
  client text not null,
  order_no text not null,
  line bigint not null,
  n bigint not null,
  site text not null,
  station integer not null,
  stream uuid not null,
  seq bigint not null,
  event_id uuid not null,
  operator text,
  lpn text,
  claimed_at bigint not null,
  primary key (client, order_no, line, n)
);
create index claim_by_event on dockside.claim (site, stream, event_id);

-- The claims that came second, with the winner as he was then. Kept so that a station whose reply
-- was lost on the way gets the same answer again.
create table dockside.lost_claim (
  site text not null,
  stream uuid not null,
  seq bigint not null,
  event_id uuid not null,
  detail jsonb not null,
  lost_at timestamptz not null default now(),
  primary key (site, stream, seq)
);

-- The site of the session's login; null for a session that is no station's.
create function dockside.caller_site() returns text
language sql stable security definer set search_path = pg_catalog, dockside, pg_temp
as $$ select site from dockside.station where login = session_user $$;

alter table dockside.epoch enable row level security;
alter table dockside.epoch force row level security;
alter table dockside.station enable row level security;
alter table dockside.station force row level security;
alter table dockside.stream_mark enable row level security;
alter table dockside.stream_mark force row level security;
alter table dockside.event enable row level security;
alter table dockside.event force row level security;
alter table dockside.event_default enable row level security;
alter table dockside.event_default force row level security;
alter table dockside.quarantine enable row level security;
alter table dockside.quarantine force row level security;
alter table dockside.claim enable row level security;
alter table dockside.claim force row level security;
alter table dockside.lost_claim enable row level security;
alter table dockside.lost_claim force row level security;

create policy all_rows on dockside.epoch to dockside_owner using (true);
create policy all_rows on dockside.station to dockside_owner using (true);
create policy own_site on dockside.stream_mark to dockside_owner
  using (coalesce((select dockside.caller_site()), site) = site);
create policy own_site on dockside.event to dockside_owner
  using (coalesce((select dockside.caller_site()), site) = site);
create policy own_site on dockside.event_default to dockside_owner
  using (coalesce((select dockside.caller_site()), site) = site);
create policy own_site on dockside.quarantine to dockside_owner
  using (coalesce((select dockside.caller_site()), site) = site);
create policy own_site on dockside.lost_claim to dockside_owner
  using (coalesce((select dockside.caller_site()), site) = site);
-- A loser must learn the winner of another site; it may write and release claims of its own only.
create policy every_winner on dockside.claim for select to dockside_owner using (true);
create policy own_insert on dockside.claim for insert to dockside_owner
  with check (coalesce((select dockside.caller_site()), site) = site);
create policy own_release on dockside.claim for delete to dockside_owner
  using (coalesce((select dockside.caller_site()), site) = site);

-- Append-only for the functions too, which run as the owner.
revoke update, delete, truncate on dockside.event from dockside_owner;
revoke update, delete, truncate on dockside.event_default from dockside_owner;
revoke update, delete, truncate on dockside.quarantine from dockside_owner;
revoke update, truncate on dockside.claim from dockside_owner;

-- Makes the months from that of `first` on, `months` of them, and says how many were new. A month
-- whose events stand in the default partition is left there: it is right, only slower to archive.
create function dockside.make_months(first date, months integer) returns integer
language plpgsql security definer set search_path = pg_catalog, dockside, pg_temp
as $$
declare
  starts date;
  part text;
  made integer := 0;
begin
  for starts in
    select (date_trunc('month', first) + make_interval(months => k))::date
      from generate_series(0, months - 1) as k
  loop
    part := 'event_' || to_char(starts, 'YYYY_MM');
    continue when to_regclass(format('dockside.%I', part)) is not null;
    continue when exists (
      select from dockside.event_default
       where day >= starts and day < (starts + interval '1 month')::date
    );
    execute format(
      'create table dockside.%I partition of dockside.event for values from (%L) to (%L)',
      part, starts, (starts + interval '1 month')::date);
    execute format('alter table dockside.%I enable row level security', part);
    execute format('alter table dockside.%I force row level security', part);
    execute format('revoke update, delete, truncate on dockside.%I from dockside_owner', part);
    made := made + 1;
  end loop;
  return made;
end
$$;

reset role;
