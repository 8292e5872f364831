-- Why: the two doors a station has. Site and station come from the login of the session, never from
-- an argument. Errors that a station must tell apart have SQLSTATEs of our own:
--   RD001 this login is no station's       RD002 the station was revoked
--   RD003 events are missing before these; DETAIL is the mark, as a number
--   RD004 the stream forked: the same numbers, other events before
--   RD005 a hash is not that of its event  RD006 the call is malformed
--   RD007 the stream is another station's

set local role dockside_owner;

-- The station that calls.
create function dockside.caller(out site text, out station integer)
language plpgsql stable security definer set search_path = pg_catalog, dockside, pg_temp
as $$
declare
  found_row dockside.station;
begin
  select * into found_row from dockside.station s where s.login = session_user;
  if not found then
    raise exception 'the login % is no station''s', session_user using errcode = 'RD001';
  end if;
  if found_row.revoked_at is not null then
    raise exception 'the station % of site % was revoked', found_row.station, found_row.site
      using errcode = 'RD002';
  end if;
  site := found_row.site;
  station := found_row.station;
end
$$;

-- Where a stream stands here: zero and 32 zero bytes for one never seen. `server_time` is UTC in
-- milliseconds; `proto` is the highest version of ingest.
create function dockside.hello_v1(
  stream uuid,
  out epoch uuid, out last_seq bigint, out last_hash bytea, out server_time bigint,
  out proto integer
)
language plpgsql security definer set search_path = pg_catalog, dockside, pg_temp
as $$
#variable_conflict use_column
declare
  me record;
  mark dockside.stream_mark;
begin
  select * into me from dockside.caller();
  update dockside.station s set seen_at = now() where s.login = session_user;
  select * into mark from dockside.stream_mark m where m.site = me.site and m.stream = hello_v1.stream;
  if found and mark.station <> me.station then
    raise exception 'the stream % is station %''s', hello_v1.stream, mark.station
      using errcode = 'RD007';
  end if;
  select e.epoch into hello_v1.epoch from dockside.epoch e;
  hello_v1.last_seq := coalesce(mark.last_seq, 0);
  hello_v1.last_hash := coalesce(mark.last_hash, decode(repeat('00', 32), 'hex'));
  hello_v1.server_time := (extract(epoch from clock_timestamp()) * 1000)::bigint;
  hello_v1.proto := 1;
end
$$;

-- Refuses a call that is no batch: 1 to 500 events, each with its 32-byte hash.
create function dockside.check_call(
  stream uuid, first_seq bigint, previous bytea, bodies bytea[], hashes bytea[]
) returns void
language plpgsql immutable as $$
begin
  if stream is null or first_seq is null or first_seq < 1
    or coalesce(length(previous), 0) <> 32
    or coalesce(array_ndims(bodies), 0) <> 1 or coalesce(array_ndims(hashes), 0) <> 1
    or array_lower(bodies, 1) <> 1 or array_lower(hashes, 1) <> 1
    or cardinality(bodies) <> cardinality(hashes)
    or cardinality(bodies) > 500
    or array_position(bodies, null) is not null
    or exists (select from unnest(hashes) as hash where coalesce(length(hash), 0) <> 32)
  then
    raise exception 'a push is 1 to 500 events, each with its hash of 32 bytes'
      using errcode = 'RD006';
  end if;
end
$$;

-- Refuses a batch that does not continue, or repeat, what is stored. The hashes are computed here,
-- from the bodies: hash = sha256(previous hash || sha256(body)).
create function dockside.check_chain(
  mark dockside.stream_mark, first_seq bigint, previous bytea, bodies bytea[], hashes bytea[]
) returns void
language plpgsql stable as $$
declare
  n integer := cardinality(bodies);
  known bigint := least(mark.last_seq, first_seq + n - 1);
  stored bytea;
  bad bigint;
begin
  if first_seq = mark.last_seq + 1 and previous <> mark.last_hash then
    raise exception 'the event before % is another here', first_seq using errcode = 'RD004';
  end if;
  if known >= first_seq then
    -- Equal hashes mean equal histories, so the last event both sides hold speaks for all before.
    stored := case when known = mark.last_seq then mark.last_hash else coalesce(
      (select e.hash from dockside.event e
        where e.site = mark.site and e.stream = mark.stream and e.seq = known limit 1),
      (select q.hash from dockside.quarantine q
        where q.site = mark.site and q.stream = mark.stream and q.seq = known)) end;
    if stored <> hashes[known - first_seq + 1] then
      raise exception 'event % is another here', known using errcode = 'RD004';
    end if;
  end if;
  select min(i) into bad
    from unnest(bodies, hashes, array_prepend(previous, hashes[1:n - 1]))
         with ordinality as t(body, hash, before, i)
   where sha256(before || sha256(body)) is distinct from hash;
  if bad is not null then
    raise exception 'the hash of event % is not that of its bytes', first_seq + bad - 1
      using errcode = 'RD005';
  end if;
end
$$;

-- What a loser is told of the winner, and which unit it was about.
create function dockside.winner_detail(winner dockside.claim) returns jsonb
language sql immutable as $$
  select jsonb_build_object(
    'site', winner.site, 'station', winner.station, 'at', winner.claimed_at,
    'operator', winner.operator, 'lpn', winner.lpn, 'event_id', winner.event_id,
    'unit', jsonb_build_object('client', winner.client, 'order_no', winner.order_no,
                               'line', winner.line, 'n', winner.n))
$$;

-- Claims of a batch that releases none. Sorted by key, so that two batches about the same units
-- wait for each other in one direction only. The winners are read by a SECOND statement: the first
-- one's snapshot does not hold a row that another session wrote while it waited.
create function dockside.claim_together(
  mark dockside.stream_mark, from_seq bigint, envelopes jsonb[], faults text[]
) returns void
language plpgsql as $$
begin
  insert into dockside.claim (client, order_no, line, n, site, station, stream, seq, event_id,
                              operator, lpn, claimed_at)
  select c.client, c.order_no, c.line, c.n, mark.site, mark.station, mark.stream,
         from_seq + c.i - 1, c.event_id, c.operator, c.lpn, c.at
    from dockside.claims_in(envelopes, faults) as c
   order by c.client, c.order_no, c.line, c.n, c.i
  on conflict do nothing;

  insert into dockside.lost_claim (site, stream, seq, event_id, detail)
  select mark.site, mark.stream, from_seq + c.i - 1, c.event_id, dockside.winner_detail(w)
    from dockside.claims_in(envelopes, faults) as c
    join dockside.claim w using (client, order_no, line, n)
   where (w.site, w.stream, w.seq) <> (mark.site, mark.stream, from_seq + c.i - 1);

  if exists (
    select from dockside.claims_in(envelopes, faults) as c
     where not exists (
       select from dockside.claim w
        where (w.client, w.order_no, w.line, w.n) = (c.client, c.order_no, c.line, c.n))
  ) then
    raise exception 'a claim was released while this one waited' using errcode = '40001';
  end if;
end
$$;

-- Claims and releases of a batch that takes some back: unit by unit in the order of the keys (the
-- one direction again), and for each unit in the order of the stream.
create function dockside.claim_in_turn(
  mark dockside.stream_mark, from_seq bigint, envelopes jsonb[], faults text[]
) returns void
language plpgsql as $$
declare
  step record;
  winner dockside.claim;
begin
  for step in
    with claims as (select * from dockside.claims_in(envelopes, faults)),
    reversals as (
      select i, (envelope #>> '{payload,of}')::uuid as of
        from unnest(envelopes, faults) with ordinality as t(envelope, fault, i)
       where fault is null and envelope ->> 'kind' = 'Reversed'
    )
    select true as claims, c.client, c.order_no, c.line, c.n, c.i, c.event_id,
           c.at, c.operator, c.lpn
      from claims c
    union all
    select false, c.client, c.order_no, c.line, c.n, r.i, r.of, null, null, null
      from reversals r join claims c on c.event_id = r.of and c.i < r.i
    union all
    select false, c.client, c.order_no, c.line, c.n, r.i, r.of, null, null, null
      from reversals r
      join dockside.claim c
        on (c.site, c.stream, c.event_id) = (mark.site, mark.stream, r.of)
     order by client, order_no, line, n, i
  loop
    if not step.claims then
      delete from dockside.claim c
       where (c.client, c.order_no, c.line, c.n)
           = (step.client, step.order_no, step.line, step.n)
         and (c.site, c.stream, c.event_id) = (mark.site, mark.stream, step.event_id);
      continue;
    end if;
    insert into dockside.claim (client, order_no, line, n, site, station, stream, seq, event_id,
                                operator, lpn, claimed_at)
    values (step.client, step.order_no, step.line, step.n, mark.site, mark.station, mark.stream,
            from_seq + step.i - 1, step.event_id, step.operator, step.lpn, step.at)
    on conflict do nothing;
    continue when found;
    select * into winner from dockside.claim c
     where (c.client, c.order_no, c.line, c.n) = (step.client, step.order_no, step.line, step.n);
    if not found then
      raise exception 'a claim was released while this one waited' using errcode = '40001';
    end if;
    if (winner.site, winner.stream, winner.seq)
      <> (mark.site, mark.stream, from_seq + step.i - 1) then
      insert into dockside.lost_claim (site, stream, seq, event_id, detail)
      values (mark.site, mark.stream, from_seq + step.i - 1, step.event_id,
              dockside.winner_detail(winner));
    end if;
  end loop;
end
$$;

-- Stores what is new of a batch: sound events, the others in quarantine, then the claims.
create function dockside.store(
  mark dockside.stream_mark, from_seq bigint, bodies bytea[], hashes bytea[]
) returns void
language plpgsql as $$
declare
  envelopes jsonb[] := dockside.envelopes_of(bodies);
  faults text[] := array(
    select dockside.fault_of(envelope, mark.site, mark.station, mark.stream, from_seq + i - 1)
      from unnest(envelopes) with ordinality as t(envelope, i) order by i);
begin
  insert into dockside.event (site, station, stream, seq, day, event_id, at, kind, v, body, hash)
  select mark.site, mark.station, mark.stream, from_seq + i - 1,
         (to_timestamp((envelope ->> 'at')::bigint / 1000.0) at time zone 'UTC')::date,
         (envelope ->> 'id')::uuid, (envelope ->> 'at')::bigint, envelope ->> 'kind',
         (envelope ->> 'v')::integer, body, hash
    from unnest(bodies, hashes, envelopes, faults)
         with ordinality as t(body, hash, envelope, fault, i)
   where fault is null;

  insert into dockside.quarantine (site, station, stream, seq, why, body, hash)
  select mark.site, mark.station, mark.stream, from_seq + i - 1, fault, body, hash
    from unnest(bodies, hashes, faults) with ordinality as t(body, hash, fault, i)
   where fault is not null;

  if exists (
    select from unnest(envelopes, faults) as t(envelope, fault)
     where fault is null and envelope ->> 'kind' = 'Reversed'
  ) then
    perform dockside.claim_in_turn(mark, from_seq, envelopes, faults);
  else
    perform dockside.claim_together(mark, from_seq, envelopes, faults);
  end if;
end
$$;

-- Takes a batch, once. `previous` is the hash of the event before the first. A row for each event:
-- applied, duplicate (stored before), claim_lost (detail is the winner) or quarantined (detail is
-- why); the last two are said again each time the event is sent again.
create function dockside.ingest_v1(
  stream uuid, first_seq bigint, previous bytea, bodies bytea[], hashes bytea[]
) returns table (seq bigint, outcome text, detail jsonb)
language plpgsql security definer set search_path = pg_catalog, dockside, pg_temp
as $$
#variable_conflict use_column
declare
  me record;
  mark dockside.stream_mark;
  n integer := cardinality(ingest_v1.bodies);
  n_known integer;
begin
  select * into me from dockside.caller();
  perform dockside.check_call(ingest_v1.stream, first_seq, previous, bodies, hashes);

  insert into dockside.stream_mark (site, stream, station, last_seq, last_hash)
  values (me.site, ingest_v1.stream, me.station, 0, decode(repeat('00', 32), 'hex'))
  on conflict do nothing;
  select * into mark from dockside.stream_mark m
   where m.site = me.site and m.stream = ingest_v1.stream for update;
  if mark.station <> me.station then
    raise exception 'the stream % is station %''s', mark.stream, mark.station
      using errcode = 'RD007';
  end if;
  if first_seq > mark.last_seq + 1 then
    raise exception 'events are missing: the mark is %, the first event is %',
      mark.last_seq, first_seq using errcode = 'RD003', detail = mark.last_seq::text;
  end if;
  perform dockside.check_chain(mark, first_seq, previous, bodies, hashes);

  n_known := least(greatest(mark.last_seq - first_seq + 1, 0), n);
  if n_known < n then
    perform dockside.store(mark, first_seq + n_known, bodies[n_known + 1:n], hashes[n_known + 1:n]);
    update dockside.stream_mark m
       set last_seq = first_seq + n - 1, last_hash = hashes[n], seen_at = now()
     where m.site = mark.site and m.stream = mark.stream;
  end if;

  return query
  select s.seq,
         case when q.seq is not null then 'quarantined'
              when l.seq is not null then 'claim_lost'
              when s.seq <= mark.last_seq then 'duplicate'
              else 'applied' end,
         case when q.seq is not null then jsonb_build_object('why', q.why) else l.detail end
    from generate_series(first_seq, first_seq + n - 1) as s(seq)
    left join dockside.quarantine q
      on q.site = mark.site and q.stream = mark.stream and q.seq = s.seq
    left join dockside.lost_claim l
      on l.site = mark.site and l.stream = mark.stream and l.seq = s.seq
   order by s.seq;
end
$$;

grant execute on function dockside.hello_v1(uuid) to dockside_station;
grant execute on function dockside.ingest_v1(uuid, bigint, bytea, bytea[], bytea[])
  to dockside_station;

reset role;
