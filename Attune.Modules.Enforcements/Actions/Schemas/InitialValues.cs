using System.Reflection;
using System.Text.Json.Serialization.Metadata;

namespace Attune.Modules.Enforcements.Actions.Schemas;

/// <summary>What the properties of a type are when JSON says nothing of them.</summary>
internal sealed class InitialValues
{
    private readonly object? _instance;

    public InitialValues(JsonTypeInfo type) => _instance = NewInstance(type);

    /// <summary>False for a type that cannot be made without knowing more.</summary>
    public bool AreKnown => _instance is not null;

    /// <summary>A property's; null where it is null or not known.</summary>
    public object? Of(JsonPropertyInfo property) => property.AssociatedParameter is { } parameter
        ? parameter.HasDefaultValue ? parameter.DefaultValue : null
        : _instance is null ? null : property.Get?.Invoke(_instance);

    // Reflection does not ask for required members, and initializers run all the same.
    private static object? NewInstance(JsonTypeInfo type)
    {
        try
        {
            return type.ConstructorAttributeProvider is ConstructorInfo constructor
                ? constructor.Invoke([.. constructor.GetParameters().Select(Standard)])
                : Activator.CreateInstance(type.Type);
        }
        catch (Exception error) when (error is TargetInvocationException or MemberAccessException)
        {
            return null;
        }
    }

    private static object? Standard(ParameterInfo parameter) =>
        parameter.HasDefaultValue ? parameter.DefaultValue
            : parameter.ParameterType.IsValueType ? Activator.CreateInstance(parameter.ParameterType)
            : null;
}
