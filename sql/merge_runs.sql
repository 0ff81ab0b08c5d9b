-- The runs of the attached store `other`, oldest first: id, uuid, in ours already, still running.
SELECT o.id, o.uuid, EXISTS (SELECT 1 FROM main.run r WHERE r.uuid = o.uuid), o.status = 'running'
FROM other.run o ORDER BY o.started_utc, o.uuid
