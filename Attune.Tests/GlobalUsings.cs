global using Attune.Db;
global using Attune.Tests.Support;
global using NUnit.Framework;
