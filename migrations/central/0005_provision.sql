-- Why: a station's login and its row are made in one statement, by the administrator. These two
-- run with the rights of whoever calls them: making roles is the administrator's power, not the
-- owner's. The password never comes here, only its SCRAM keys: nothing to find in the server's log.

set local role dockside_owner;

-- Makes the login, or gives the one there is a new password and its rights back.
-- The secret is that of RFC 5803: SCRAM-SHA-256$iterations:salt$StoredKey:ServerKey.
create function dockside.enrol(
  login text, site text, station integer, iterations integer,
  salt bytea, stored_key bytea, server_key bytea
) returns void
language plpgsql set search_path = pg_catalog, dockside, pg_temp
as $$
#variable_conflict use_variable
declare
  secret text := format('SCRAM-SHA-256$%s:%s$%s:%s', iterations, encode(salt, 'base64'),
                        encode(stored_key, 'base64'), encode(server_key, 'base64'));
begin
  if exists (select from pg_roles where rolname = login) then
    execute format('alter role %I login password %L', login, secret);
  else
    execute format('create role %I login password %L', login, secret);
  end if;
  execute format('grant dockside_station to %I', login);
  insert into dockside.station as s (login, site, station) values (login, site, station)
  on conflict on constraint station_pkey
    do update set enrolled_at = now(), revoked_at = null;
end
$$;

-- Refuses the login from its next call on, and ends its sessions where the caller may. Says whether
-- there was such a station.
create function dockside.revoke(site text, station integer) returns boolean
language plpgsql set search_path = pg_catalog, dockside, pg_temp
as $$
#variable_conflict use_variable
declare
  gone name;
begin
  update dockside.station as s set revoked_at = coalesce(s.revoked_at, now())
   where s.site = site and s.station = station
  returning s.login into gone;
  if not found then
    return false;
  end if;
  execute format('alter role %I nologin', gone);
  begin
    perform pg_terminate_backend(a.pid) from pg_stat_activity a where a.usename = gone;
  exception when insufficient_privilege then
    null; -- The sessions stay open and are refused by every function.
  end;
  return true;
end
$$;

reset role;
