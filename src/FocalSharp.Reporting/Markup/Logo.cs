namespace FocalSharp.Reporting.Markup;

/// <summary>The logo: a box with three sharp edges and one that is a distribution.</summary>
internal static class Logo
{
    /// <summary>The logo in the colors of the page.</summary>
    public const string Inline = """
        <svg viewBox="0 0 32 32" aria-hidden="true"><path d="M21 5H5v22h16" fill="none" stroke="var(--accent)" stroke-width="3.2" stroke-linejoin="round" stroke-linecap="round"/>
        <path d="M21 5v22" stroke="var(--c2)" stroke-width="1.6" opacity=".35"/><path d="M24 5v22" stroke="var(--c2)" stroke-width="2.6"/><path d="M27 5v22" stroke="var(--c2)" stroke-width="1.8" opacity=".5"/><path d="M29.5 5v22" stroke="var(--c2)" stroke-width="1.2" opacity=".25"/></svg>
        """;

    /// <summary>The logo for the browser tab.</summary>
    public const string Icon = """
        <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><path d="M21 5H5v22h16" fill="none" stroke="#4f7df0" stroke-width="4" stroke-linejoin="round" stroke-linecap="round"/><path d="M24.5 5v22" stroke="#f07a3c" stroke-width="4"/><path d="M29 5v22" stroke="#f07a3c" stroke-width="2" opacity=".5"/></svg>
        """;
}
