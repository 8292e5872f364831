-- Why: who may do what is decided before there is anything to do it to.
-- `dockside_owner` owns everything and logs in nowhere; `dockside_station` is the group of all
-- station logins and may, further down, execute two functions and nothing else. Neither is a
-- superuser, so that forced row-level security binds both.
-- Roles belong to the whole cluster: a second database finds them made.

do $$
begin
  if current_setting('server_encoding') <> 'UTF8' then
    raise exception 'the database must be UTF8, it is %', current_setting('server_encoding');
  end if;
end
$$;

do $$
begin
  create role dockside_owner nologin nosuperuser nobypassrls;
exception when duplicate_object or unique_violation then null;
end
$$;

do $$
begin
  create role dockside_station nologin nosuperuser nobypassrls;
exception when duplicate_object or unique_violation then null;
end
$$;

-- The administrator acts as the owner from here on; a superuser needs no membership.
do $$
begin
  if not pg_has_role(current_user, 'dockside_owner', 'usage') then
    execute format('grant dockside_owner to %I', current_user);
  end if;
  execute format('revoke temporary on database %I from public', current_database());
end
$$;

create schema dockside authorization dockside_owner;
grant usage on schema dockside to dockside_station;

-- A function is nobody's until it is granted by name.
alter default privileges for role dockside_owner revoke execute on functions from public;
