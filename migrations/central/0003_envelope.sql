-- Why: a batch is parsed in one go, and a body that can't be parsed must not fail the others. What
-- is wrong with an event is found here and nowhere else; null means sound.

set local role dockside_owner;

-- The JSON of one body, or null when it has none that can be stored.
create function dockside.envelope_of(body bytea) returns jsonb
language plpgsql immutable as $$
begin
  return convert_from(body, 'UTF8')::jsonb;
exception when data_exception or program_limit_exceeded then
  return null;
end
$$;

-- The JSON of each body, in order. All at once when all are good, which is nearly always; one by
-- one only when one is not, because a trapped error costs a subtransaction.
create function dockside.envelopes_of(bodies bytea[]) returns jsonb[]
language plpgsql immutable as $$
begin
  return array(
    select convert_from(body, 'UTF8')::jsonb
      from unnest(bodies) with ordinality as t(body, i) order by i);
exception when data_exception or program_limit_exceeded then
  return array(
    select dockside.envelope_of(body) from unnest(bodies) with ordinality as t(body, i) order by i);
end
$$;

create function dockside.is_text(value jsonb) returns boolean
language sql immutable as $$
  select coalesce(jsonb_typeof(value) = 'string' and value #>> '{}' <> '', false)
$$;

-- A name of ours: 90 bytes, the longest text field of GS1 and far below what an index key may hold.
create function dockside.is_name(value jsonb) returns boolean
language sql immutable as $$
  select dockside.is_text(value) and octet_length(value #>> '{}') <= 90
$$;

create function dockside.is_uuid(value jsonb) returns boolean
language sql immutable as $$
  select coalesce(
    jsonb_typeof(value) = 'string'
    and value #>> '{}' ~ '^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$', false)
$$;

-- A whole number from 0 to `most`, written as such.
create function dockside.is_count(value jsonb, most bigint) returns boolean
language sql immutable as $$
  select case
    when jsonb_typeof(value) = 'number' and value #>> '{}' ~ '^[0-9]{1,18}$'
      then (value #>> '{}')::bigint <= most
    else false
  end
$$;

-- A key that is absent and a key that is null say the same.
create function dockside.is_absent(value jsonb) returns boolean
language sql immutable as $$ select value is null or jsonb_typeof(value) = 'null' $$;

-- Why an envelope can't be taken as event `seq` of that stream; null when it can. The bounds: `v`
-- is 16 bits wide, line and n 32, `at` ends with the year 9999, which is where dates do.
create function dockside.fault_of(
  envelope jsonb, site text, station integer, stream uuid, seq bigint
) returns text
language sql immutable as $$
  select case
    when envelope is null then 'not_json'
    when jsonb_typeof(envelope) <> 'object' then 'not_an_envelope'
    when not dockside.is_uuid(envelope -> 'id') then 'envelope_id'
    when not dockside.is_text(envelope -> 'site') then 'envelope_site'
    when not dockside.is_count(envelope -> 'station', 999) then 'envelope_station'
    when not dockside.is_uuid(envelope -> 'stream') then 'envelope_stream'
    when not dockside.is_count(envelope -> 'seq', 999999999999999999) then 'envelope_seq'
    when not dockside.is_count(envelope -> 'at', 253402300799999) then 'envelope_at'
    when jsonb_typeof(envelope -> 'rules') is distinct from 'string' then 'envelope_rules'
    when not dockside.is_text(envelope -> 'kind') then 'envelope_kind'
    when not dockside.is_count(envelope -> 'v', 65535) then 'envelope_v'
    when jsonb_typeof(envelope -> 'payload') is distinct from 'object' then 'envelope_payload'
    when envelope ->> 'site' <> site then 'other_site'
    when (envelope ->> 'station')::integer <> station then 'other_station'
    when (envelope ->> 'stream')::uuid <> stream then 'other_stream'
    when (envelope ->> 'seq')::bigint <> seq then 'other_seq'
    when envelope ->> 'kind' = 'Reversed'
      and not dockside.is_uuid(envelope #> '{payload,of}') then 'reversed_of'
    when envelope ->> 'kind' <> 'UnitIdentified' then null
    when dockside.is_absent(envelope #> '{payload,order_no}')
      or dockside.is_absent(envelope #> '{payload,line}')
      or dockside.is_absent(envelope #> '{payload,n}') then null
    when not dockside.is_name(envelope #> '{payload,order_no}') then 'claim_order_no'
    when not dockside.is_count(envelope #> '{payload,line}', 4294967295) then 'claim_line'
    when not dockside.is_count(envelope #> '{payload,n}', 4294967295) then 'claim_n'
    when not dockside.is_absent(envelope #> '{payload,client}')
      and not dockside.is_name(envelope #> '{payload,client}') then 'claim_client'
    else null
  end
$$;

-- The sold units that the sound ones of these events claim; `i` counts from 1.
create function dockside.claims_in(envelopes jsonb[], faults text[])
returns table (
  i bigint, client text, order_no text, line bigint, n bigint,
  event_id uuid, at bigint, operator text, lpn text
)
language sql immutable as $$
  select t.i, coalesce(envelope #>> '{payload,client}', 'default'),
         envelope #>> '{payload,order_no}',
         (envelope #>> '{payload,line}')::bigint, (envelope #>> '{payload,n}')::bigint,
         (envelope ->> 'id')::uuid, (envelope ->> 'at')::bigint,
         envelope ->> 'operator', envelope #>> '{payload,lpn}'
    from unnest(envelopes, faults) with ordinality as t(envelope, fault, i)
   where case when fault is null and envelope ->> 'kind' = 'UnitIdentified'
           then not (dockside.is_absent(envelope #> '{payload,order_no}')
             or dockside.is_absent(envelope #> '{payload,line}')
             or dockside.is_absent(envelope #> '{payload,n}'))
           else false
         end
   order by t.i
$$;

reset role;
