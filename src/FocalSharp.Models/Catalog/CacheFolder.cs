namespace FocalSharp.Models.Catalog;

/// <summary>The per-user folder for what can be fetched again.</summary>
public static class CacheFolder
{
    /// <summary>The environment variable that names another folder.</summary>
    public const string EnvironmentVariable = "FOCALSHARP_CACHE";

    private const string FolderName = "focalsharp";

    /// <summary>
    /// <see cref="EnvironmentVariable"/> where it is set; else <c>%LOCALAPPDATA%\focalsharp</c> on Windows, <c>~/Library/Caches/focalsharp</c> on
    /// macOS, and by the XDG base directory specification <c>$XDG_CACHE_HOME/focalsharp</c>, by default <c>~/.cache/focalsharp</c>.
    /// </summary>
    /// <exception cref="FocalSharpException">The user has no home folder and no variable names a cache.</exception>
    public static string Locate() => Locate(
        Environment.GetEnvironmentVariable,
        OperatingSystem.IsWindows() ? PlatformID.Win32NT : OperatingSystem.IsMacOS() ? PlatformID.MacOSX : PlatformID.Unix,
        Environment.GetFolderPath(
            OperatingSystem.IsWindows() ? Environment.SpecialFolder.LocalApplicationData : Environment.SpecialFolder.UserProfile));

    internal static string Locate(Func<string, string?> variable, PlatformID system, string home)
    {
        if (variable(EnvironmentVariable) is { Length: > 0 } chosen)
        {
            return Path.GetFullPath(chosen);
        }

        // The specification: a relative path is invalid and to be ignored.
        if (system == PlatformID.Unix && variable("XDG_CACHE_HOME") is { Length: > 0 } xdg && Path.IsPathRooted(xdg))
        {
            return Path.Combine(xdg, FolderName);
        }

        if (home.Length == 0)
        {
            throw new FocalSharpException($"This user has no home folder to keep models in. Name a folder in the environment variable {EnvironmentVariable}.");
        }

        return system switch
        {
            PlatformID.Win32NT => Path.Combine(home, FolderName),
            PlatformID.MacOSX => Path.Combine(home, "Library", "Caches", FolderName),
            _ => Path.Combine(home, ".cache", FolderName),
        };
    }
}
