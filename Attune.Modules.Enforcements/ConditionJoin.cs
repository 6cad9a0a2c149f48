namespace Attune.Modules.Enforcements;

/// <summary>How a rule's conditions are joined.</summary>
public enum ConditionJoin
{
    Any,
    All,
}
