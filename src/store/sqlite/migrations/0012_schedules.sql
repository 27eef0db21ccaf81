CREATE TABLE `schedules` (
	`name` text PRIMARY KEY NOT NULL,
	`version` integer NOT NULL,
	`revision` integer NOT NULL,
	`timing` text NOT NULL,
	`settled_until` integer NOT NULL,
	`paused_at` integer,
	`paused_by` text,
	`work` text,
	`holder` text,
	`held_until` integer,
	`last` text,
	`missed` integer NOT NULL
);
