namespace FocalSharp.Explorer.Pages;

/// <summary>How a page names what it needs: served pages by address, exported ones by holding it within themselves.</summary>
/// <param name="Link">Address of a page's slug.</param>
/// <param name="Policy">Element with the content policy; empty where a header says it.</param>
/// <param name="Style">Element of a style sheet.</param>
/// <param name="Script">Element of a script.</param>
internal sealed record PageResources(Func<string, string> Link, string Policy, Func<string, string> Style, Func<string, string> Script);
