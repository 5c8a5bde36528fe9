-- What wixl leaves out or writes wrongly, put right in the finished package. `build` runs the statements in this
-- order, puts the version in for @VERSION@, and stops at one that changes nothing.

-- Windows Installer wants an 8.3 name beside every longer one.
UPDATE `File` SET `FileName` = 'HOLDTRAY.EXE|holdfast-tray.exe' WHERE `File` = 'TrayExe';
UPDATE `File` SET `FileName` = 'CONFIG.JSO|config.json' WHERE `File` = 'ConfigJson';
UPDATE `File` SET `FileName` = 'SCHEMA.JSO|holdfast.schema.json' WHERE `File` = 'SchemaJson';
UPDATE `File` SET `FileName` = 'THIRDPAR.TXT|THIRD_PARTY.txt' WHERE `File` = 'ThirdPartyTxt';
UPDATE `File` SET `FileName` = 'SPDX.JSO|holdfast.spdx.json' WHERE `File` = 'BillOfMaterials';
UPDATE `File` SET `FileName` = 'HOLDFAST.ADX|holdfast.admx' WHERE `File` = 'PolicyAdmx';
UPDATE `File` SET `FileName` = 'HOLDFAST.ADL|holdfast.adml' WHERE `File` = 'PolicyAdml';
UPDATE `File` SET `FileName` = 'DOCASSIS.JSO|docassist-emr.json' WHERE `File` = 'SampleDocAssist';
UPDATE `File` SET `FileName` = 'RVU-COUN.JSO|rvu-counter.json' WHERE `File` = 'SampleRvu';

-- A program without its version counts as unversioned, and such a file is not replaced by a newer one if its date
-- was changed. A file has either a version or a hash.
UPDATE `File` SET `Version` = '@VERSION@.0', `Language` = '1033' WHERE `File` = 'HoldfastExe';
UPDATE `File` SET `Version` = '@VERSION@.0', `Language` = '1033' WHERE `File` = 'TrayExe';
DELETE FROM `MsiFileHash` WHERE `File_` = 'HoldfastExe';
DELETE FROM `MsiFileHash` WHERE `File_` = 'TrayExe';

-- The configuration belongs to its owner: never overwritten (128), never removed (16), on 64-bit Windows (256).
UPDATE `Component` SET `Attributes` = 400 WHERE `Component` = 'Config';

-- TRAYAUTOSTART=0 switches the tray's start off. Transitive (64): a repair with another value changes it;
-- 4 says that the key path is a registry value.
UPDATE `Component` SET `Condition` = 'TRAYAUTOSTART <> 0', `Attributes` = 324 WHERE `Component` = 'TrayAutostart';

-- What a user without administrator's rights may hand to an elevated installation. INSTALLDIR stays out: who may
-- choose it chooses where the programs of a LocalSystem service lie.
UPDATE `Property` SET `Value` = 'TRAYAUTOSTART;WIX_DOWNGRADE_DETECTED;WIX_UPGRADE_DETECTED'
  WHERE `Property` = 'SecureCustomProperties';

-- There are no dialogs. A search or costing on the user's side would hand INSTALLDIR on as if the user had asked for
-- it, and the remembered folder would be lost; the installing side does both.
DELETE FROM `InstallUISequence` WHERE `Action` = 'AppSearch';
DELETE FROM `InstallUISequence` WHERE `Action` = 'CostInitialize';
DELETE FROM `InstallUISequence` WHERE `Action` = 'FileCost';
DELETE FROM `InstallUISequence` WHERE `Action` = 'CostFinalize';
DELETE FROM `InstallUISequence` WHERE `Action` = 'MigrateFeatureStates';

-- Setting a property is type 51; wixl adds a bit that means something for deferred actions only.
UPDATE `CustomAction` SET `Type` = 51 WHERE `Type` = 2099;

-- The tray is asked to close: a program in INSTALLDIR (34) whose outcome does not matter (64). It runs after
-- InstallValidate, so where the Restart Manager has closed the tray and will start it again, nothing is left to do.
INSERT INTO `CustomAction` (`Action`, `Type`, `Source`, `Target`)
  VALUES ('QuitTray', 98, 'INSTALLDIR', '"[INSTALLDIR]holdfast-tray.exe" --quit');
INSERT INTO `InstallExecuteSequence` (`Action`, `Condition`, `Sequence`)
  VALUES ('QuitTray', 'REMOVE="ALL" OR WIX_UPGRADE_DETECTED', 1450);

-- STARTTYPE=demand or disabled: nothing starts the service at the end. Transitive (64) as above.
UPDATE `Component` SET `Condition` = 'STARTTYPE = "auto"', `Attributes` = 324 WHERE `Component` = 'StartAtOnce';

-- What the program does for the installation, as LocalSystem in the middle of it (34, 1024, 2048): whatever fails,
-- fails the installation, but for the removal of the data (64).
INSERT INTO `CustomAction` (`Action`, `Type`, `Source`, `Target`)
  VALUES ('TakeConfig', 3106, 'INSTALLDIR', '"[INSTALLDIR]holdfast.exe" setup config "[CONFIG]"');
INSERT INTO `CustomAction` (`Action`, `Type`, `Source`, `Target`)
  VALUES ('TakePreset', 3106, 'INSTALLDIR', '"[INSTALLDIR]holdfast.exe" setup config "[INSTALLDIR]samples\[PRESET].json"');
INSERT INTO `CustomAction` (`Action`, `Type`, `Source`, `Target`)
  VALUES ('SetStartType', 3106, 'INSTALLDIR', '"[INSTALLDIR]holdfast.exe" setup start "[STARTTYPE]"');
INSERT INTO `CustomAction` (`Action`, `Type`, `Source`, `Target`)
  VALUES ('PurgeData', 3170, 'INSTALLDIR', '"[INSTALLDIR]holdfast.exe" setup purge');

-- Behind MsiConfigureServices (5850), before StartServices (5900); the data goes while the program is still there, and
-- never in an upgrade.
INSERT INTO `InstallExecuteSequence` (`Action`, `Condition`, `Sequence`)
  VALUES ('TakeConfig', 'CONFIG AND NOT REMOVE="ALL"', 5860);
INSERT INTO `InstallExecuteSequence` (`Action`, `Condition`, `Sequence`)
  VALUES ('TakePreset', 'PRESET AND NOT CONFIG AND NOT REMOVE="ALL"', 5861);
INSERT INTO `InstallExecuteSequence` (`Action`, `Condition`, `Sequence`)
  VALUES ('SetStartType', 'NOT REMOVE="ALL"', 5862);
INSERT INTO `InstallExecuteSequence` (`Action`, `Condition`, `Sequence`)
  VALUES ('PurgeData', 'REMOVE="ALL" AND PURGE="1" AND NOT UPGRADINGPRODUCTCODE', 3450);

-- REG_EXPAND_SZ is written as #%.
UPDATE `Registry` SET `Value` = '#%[#HoldfastExe]' WHERE `Registry` = 'EventMessageFile';

-- Uninstalling removes the product's own keys with whatever was added to them.
INSERT INTO `Registry` (`Registry`, `Root`, `Key`, `Name`, `Component_`)
  VALUES ('RemoveKey', 2, 'SOFTWARE\Holdfast', '-', 'Service');
INSERT INTO `Registry` (`Registry`, `Root`, `Key`, `Name`, `Component_`)
  VALUES ('RemoveEventSource', 2, 'SYSTEM\CurrentControlSet\Services\EventLog\Application\Holdfast', '-', 'Service');

-- Vital (32768): an installation without its service fails. 1 is the normal error control.
UPDATE `ServiceInstall` SET `ErrorControl` = 32769 WHERE `ServiceInstall` = 'InstallService';

-- At installation (1) and at repair (4): delayed start (3), failure actions also after a stop with an error (4),
-- unrestricted service SID (5), only the privileges it needs (6), three minutes before a shutdown (7).
CREATE TABLE `MsiServiceConfig` (`MsiServiceConfig` CHAR(72) NOT NULL, `Name` CHAR(255) NOT NULL,
  `Event` SHORT NOT NULL, `ConfigType` LONG NOT NULL, `Argument` CHAR(0), `Component_` CHAR(72) NOT NULL
  PRIMARY KEY `MsiServiceConfig`);
INSERT INTO `MsiServiceConfig` (`MsiServiceConfig`, `Name`, `Event`, `ConfigType`, `Argument`, `Component_`)
  VALUES ('DelayedStart', 'Holdfast', 5, 3, '1', 'Service');
INSERT INTO `MsiServiceConfig` (`MsiServiceConfig`, `Name`, `Event`, `ConfigType`, `Argument`, `Component_`)
  VALUES ('FailureActionsOnError', 'Holdfast', 5, 4, '1', 'Service');
INSERT INTO `MsiServiceConfig` (`MsiServiceConfig`, `Name`, `Event`, `ConfigType`, `Argument`, `Component_`)
  VALUES ('ServiceSid', 'Holdfast', 5, 5, '1', 'Service');
INSERT INTO `MsiServiceConfig` (`MsiServiceConfig`, `Name`, `Event`, `ConfigType`, `Argument`, `Component_`)
  VALUES ('Privileges', 'Holdfast', 5, 6, 'SeTcbPrivilege[~]SeImpersonatePrivilege[~]SeAssignPrimaryTokenPrivilege[~]SeIncreaseQuotaPrivilege[~]SeChangeNotifyPrivilege', 'Service');
INSERT INTO `MsiServiceConfig` (`MsiServiceConfig`, `Name`, `Event`, `ConfigType`, `Argument`, `Component_`)
  VALUES ('PreshutdownTimeout', 'Holdfast', 5, 7, '180000', 'Service');

-- Restarting on failure is left to the service, which sets it at its first start: the table for it,
-- MsiServiceConfigFailureActions, makes real installations fail with error 1939.

-- Between InstallServices (5800) and StartServices (5900).
INSERT INTO `InstallExecuteSequence` (`Action`, `Condition`, `Sequence`)
  VALUES ('MsiConfigureServices', 'VersionMsi >= "5.00"', 5850);

-- The data folder is closed to everybody but SYSTEM and the administrators, and inherits nothing. So does the folder of
-- the programs, wherever it is asked for: on another drive ordinary users could write to what it would inherit, and
-- what lies there runs as LocalSystem.
CREATE TABLE `MsiLockPermissionsEx` (`MsiLockPermissionsEx` CHAR(72) NOT NULL, `LockObject` CHAR(72) NOT NULL,
  `Table` CHAR(32) NOT NULL, `SDDLText` CHAR(0) NOT NULL, `Condition` CHAR(255)
  PRIMARY KEY `MsiLockPermissionsEx`);
INSERT INTO `MsiLockPermissionsEx` (`MsiLockPermissionsEx`, `LockObject`, `Table`, `SDDLText`)
  VALUES ('ProtectDataFolder', 'DATADIR', 'CreateFolder', 'D:P(A;OICI;FA;;;SY)(A;OICI;FA;;;BA)');
INSERT INTO `MsiLockPermissionsEx` (`MsiLockPermissionsEx`, `LockObject`, `Table`, `SDDLText`)
  VALUES ('ProtectPrograms', 'INSTALLDIR', 'CreateFolder', 'D:P(A;OICI;FA;;;SY)(A;OICI;FA;;;BA)(A;OICI;0x1200a9;;;BU)');
