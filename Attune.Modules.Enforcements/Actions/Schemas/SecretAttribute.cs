namespace Attune.Modules.Enforcements;

/// <summary>Marks a parameter of an action as secret: the action's <c>param_schema</c> says <c>"secret": true</c> of it.</summary>
[AttributeUsage(AttributeTargets.Property | AttributeTargets.Parameter)]
public sealed class SecretAttribute : Attribute;
