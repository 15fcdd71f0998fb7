// People with a role, what a workspace keeps for how long and shows to whom, and an audit log whose
// entries cannot be changed once they are sealed.
//
// A seal is the hash of the entry with the seal of the one before it, so that one that is changed or
// taken out breaks every seal behind it. Not sealed yet is an entry whose request may be under way.

export const people = {
  name: '0027-people',
  sql: `
create table people (
  workspace_id uuid not null references workspaces (id),
  id uuid not null,
  name text not null,
  email text not null,
  role text not null check (role in ('admin', 'operator', 'support', 'viewer')),
  team text,
  created_at timestamptz not null default now(),
  primary key (workspace_id, id),
  unique (workspace_id, email)
);
alter table api_keys
  add column person_id uuid,
  add foreign key (workspace_id, person_id) references people (workspace_id, id) on delete cascade;

alter table workspaces add column settings jsonb not null default '{}';
create index transcript_entries_by_age on transcript_entries using brin (received_at);

alter table audit add column position bigint, add column seal bytea;
create unique index audit_by_position on audit (workspace_id, position);
create index audit_unsealed on audit (created_at) where seal is null;

create function seal_of(before bytea, place bigint, entry audit) returns bytea
language sql stable as $$
  select sha256(coalesce(before, ''::bytea) || convert_to(jsonb_build_array(
    place, entry.id, to_char(entry.created_at at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS.US'),
    entry.actor_kind, entry.key_id, entry.actor_label, entry.action, entry.target,
    to_jsonb(entry.fields), entry.ip, entry.request_id)::text, 'utf8'))
$$;

create function keep_sealed() returns trigger language plpgsql as $$
begin
  if tg_op = 'TRUNCATE' or old.seal is not null then
    raise exception 'a sealed entry of the audit log is neither changed nor deleted'
      using errcode = 'integrity_constraint_violation';
  end if;
  return case tg_op when 'DELETE' then old else new end;
end $$;
create trigger audit_keeps_sealed before update or delete on audit
  for each row execute function keep_sealed();
create trigger audit_keeps_all before truncate on audit
  for each statement execute function keep_sealed();
`,
} as const
