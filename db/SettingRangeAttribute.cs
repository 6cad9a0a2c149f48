using System.ComponentModel.DataAnnotations;

namespace Attune.Db;

/// <summary>
/// The least and the most that a setting may be. Of <see cref="RangeAttribute"/> itself the generator of validators makes a copy that
/// loses the message, and with it the key.
/// </summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class SettingRangeAttribute : RangeAttribute
{
    public SettingRangeAttribute(int minimum, int maximum)
        : base(minimum, maximum)
    {
    }

    /// <param name="type">The type of the setting, such as <see cref="TimeSpan"/>.</param>
    /// <param name="minimum">The least, as a text.</param>
    /// <param name="maximum">The most, as a text.</param>
    public SettingRangeAttribute(Type type, string minimum, string maximum)
        : base(type, minimum, maximum) => ParseLimitsInInvariantCulture = true;
}
