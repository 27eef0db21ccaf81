ALTER TABLE `steps` ADD `attempt` integer;--> statement-breakpoint
ALTER TABLE `steps` ADD `attempt_started_at` integer;--> statement-breakpoint
ALTER TABLE `steps` ADD `attempt_ended_at` integer;--> statement-breakpoint
ALTER TABLE `steps` ADD `request` text;--> statement-breakpoint
ALTER TABLE `steps` ADD `answer` text;--> statement-breakpoint
ALTER TABLE `steps` ADD `attempt_failure` text;--> statement-breakpoint
UPDATE `steps` SET `attempt` = (SELECT max(`attempts`.`number`) FROM `attempts` WHERE `attempts`.`run` = `steps`.`run` AND `attempts`.`step` = `steps`.`number`);--> statement-breakpoint
UPDATE `steps` SET (`attempt_started_at`, `attempt_ended_at`, `request`, `answer`, `attempt_failure`) = (SELECT `started_at`, `ended_at`, `request`, `answer`, `failure` FROM `attempts` WHERE `attempts`.`run` = `steps`.`run` AND `attempts`.`step` = `steps`.`number` AND `attempts`.`number` = `steps`.`attempt`) WHERE `attempt` IS NOT NULL;--> statement-breakpoint
DELETE FROM `attempts` WHERE EXISTS (SELECT 1 FROM `steps` WHERE `steps`.`run` = `attempts`.`run` AND `steps`.`number` = `attempts`.`step` AND `steps`.`attempt` = `attempts`.`number`);
