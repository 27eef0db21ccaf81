DROP INDEX `runs_waiting`;--> statement-breakpoint
DROP INDEX `runs_status`;--> statement-breakpoint
CREATE INDEX `runs_unsuccessful` ON `runs` (`id`) WHERE status IN ('failed', 'canceled');