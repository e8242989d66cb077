namespace FocalSharp.Training.Zoo;

/// <summary>The per-user folder for what can be fetched again.</summary>
public static class CacheFolder
{
    /// <summary>The environment variable that names another folder.</summary>
    public const string Variable = "FOCALSHARP_CACHE";

    private const string Name = "focalsharp";

    /// <summary>
    /// <see cref="Variable"/> where it is set; else <c>%LOCALAPPDATA%\focalsharp</c> on Windows, <c>~/Library/Caches/focalsharp</c> on
    /// macOS, and by the XDG base directory specification <c>$XDG_CACHE_HOME/focalsharp</c>, by default <c>~/.cache/focalsharp</c>.
    /// </summary>
    /// <exception cref="UserErrorException">The user has no home folder and no variable names a cache.</exception>
    public static string Locate() => Locate(
        Environment.GetEnvironmentVariable,
        OperatingSystem.IsWindows() ? PlatformID.Win32NT : OperatingSystem.IsMacOS() ? PlatformID.MacOSX : PlatformID.Unix,
        Environment.GetFolderPath(
            OperatingSystem.IsWindows() ? Environment.SpecialFolder.LocalApplicationData : Environment.SpecialFolder.UserProfile));

    internal static string Locate(Func<string, string?> variable, PlatformID system, string home)
    {
        if (variable(Variable) is { Length: > 0 } chosen)
        {
            return Path.GetFullPath(chosen);
        }

        // The specification: a relative path is invalid and to be ignored.
        if (system == PlatformID.Unix && variable("XDG_CACHE_HOME") is { Length: > 0 } xdg && Path.IsPathRooted(xdg))
        {
            return Path.Combine(xdg, Name);
        }

        if (home.Length == 0)
        {
            throw new UserErrorException($"This user has no home folder to keep models in. Name a folder in the environment variable {Variable}.");
        }

        return system switch
        {
            PlatformID.Win32NT => Path.Combine(home, Name),
            PlatformID.MacOSX => Path.Combine(home, "Library", "Caches", Name),
            _ => Path.Combine(home, ".cache", Name),
        };
    }
}
