using System.Collections;
using System.Reflection;
using Attune.Db.Values;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Attune.Db;

/// <summary>Reads options from their section of the settings; what does not belong there, or does not fit, is refused by its key.</summary>
public static class Sections
{
    /// <summary>Binds options to a section. They are checked when the host starts, or when they are first asked for.</summary>
    /// <typeparam name="TOptions">The options.</typeparam>
    /// <typeparam name="TValidator">Checks the values; its messages name the key.</typeparam>
    /// <param name="services">Where to register.</param>
    /// <param name="section">The name of the section.</param>
    public static IServiceCollection AddSection<TOptions, TValidator>(this IServiceCollection services, string section)
        where TOptions : class
        where TValidator : class, IValidateOptions<TOptions>
    {
        services.AddOptions<TOptions>().ValidateOnStart();
        return services
            .AddSingleton(provider => new Binder<TOptions>(provider.GetRequiredService<IConfiguration>(), section))
            .AddSingleton<IConfigureOptions<TOptions>>(provider => provider.GetRequiredService<Binder<TOptions>>())
            .AddSingleton<IValidateOptions<TOptions>>(provider => provider.GetRequiredService<Binder<TOptions>>())
            .AddSingleton<IValidateOptions<TOptions>, TValidator>();
    }

    // What it cannot bind it tells when the values are checked, so that all mistakes are told together.
    private sealed class Binder<TOptions>(IConfiguration configuration, string section) : IConfigureOptions<TOptions>, IValidateOptions<TOptions>
        where TOptions : class
    {
        private static readonly PropertyInfo[] Settings =
            [.. typeof(TOptions).GetProperties().Where(property => property.SetMethod is { IsPublic: true } || IsList(property))];

        private IReadOnlyList<string> _mistakes = [];

        public void Configure(TOptions options)
        {
            var mistakes = new List<string>();
            foreach (var setting in configuration.GetSection(section).GetChildren().Where(IsGiven))
            {
                // One at a time: the framework stops at the first mistake, and tells of a type where people know a key.
                try
                {
                    if (Property(setting) is not { } property || IsList(property) != setting.Value is null)
                    {
                        mistakes.Add(Explain(setting));
                    }
                    else
                    {
                        Alone(setting).Bind(options, binder => binder.ErrorOnUnknownConfiguration = true);
                    }
                }
                catch (InvalidOperationException)
                {
                    mistakes.Add(Explain(setting));
                }
            }

            _mistakes = mistakes;
        }

        public ValidateOptionsResult Validate(string? name, TOptions options) =>
            _mistakes.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(_mistakes);

        private IConfigurationSection Alone(IConfigurationSection setting) =>
            new ConfigurationBuilder().AddInMemoryCollection(setting.AsEnumerable()).Build().GetSection(section);

        // One that is set to nothing, as in an environment, is as good as none.
        private static bool IsGiven(IConfigurationSection setting) => setting.Value is { Length: > 0 } || setting.GetChildren().Any();

        private static PropertyInfo? Property(IConfigurationSection setting) =>
            Settings.FirstOrDefault(property => property.Name.Equals(setting.Key, StringComparison.OrdinalIgnoreCase));

        private static bool IsList(PropertyInfo property) =>
            property.PropertyType != typeof(string) && property.PropertyType.IsAssignableTo(typeof(IEnumerable));

        private static string Explain(IConfigurationSection setting) => Property(setting) is { } property
            ? $"{setting.Path} {(setting.Value is null ? "has settings below it" : $"says '{setting.Value}'")}; it can be {Expected(property, setting)}."
            : $"{setting.Path} is not a setting; those of this section are {string.Join(", ", Settings.Select(one => one.Name))}.";

        private static string Expected(PropertyInfo property, IConfigurationSection setting)
        {
            var type = Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType;
            var expected = type switch
            {
                { IsEnum: true } => OneOf([.. EnumNames.All(type)]),
                _ when type == typeof(bool) => "true or false",
                _ when type == typeof(TimeSpan) => "a time, such as 00:01:30 for 90 seconds",
                _ when type == typeof(int) || type == typeof(long) => "a whole number",
                _ when IsList(property) => $"a list, whose first element is {setting.Path}:0",
                _ => "a text",
            };
            return type == property.PropertyType ? expected : $"{expected}, or be left out";
        }

        private static string OneOf(string[] names) => $"{string.Join(", ", names[..^1])} or {names[^1]}";
    }
}
