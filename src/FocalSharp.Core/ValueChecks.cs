using System.Diagnostics;
using System.Reflection;

namespace FocalSharp;

/// <summary>
/// Whether losses and assigners check the values that they receive, which takes a pass over the data. The AppContext switch
/// <c>FocalSharp.CheckValues</c> decides; without it, values are checked in programs built for debugging.
/// </summary>
internal static class ValueChecks
{
    /// <summary>The AppContext switch.</summary>
    public const string Switch = "FocalSharp.CheckValues";

    private static readonly bool IsDebugBuild = Assembly.GetEntryAssembly()?.GetCustomAttribute<DebuggableAttribute>()?.IsJITOptimizerDisabled == true;

    /// <summary>Gets whether values are checked.</summary>
    public static bool AreEnabled => AppContext.TryGetSwitch(Switch, out bool isEnabled) ? isEnabled : IsDebugBuild;
}
