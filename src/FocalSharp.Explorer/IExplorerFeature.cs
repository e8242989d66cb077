using FocalSharp.Explorer.Pages;
using Microsoft.AspNetCore.Routing;

namespace FocalSharp.Explorer;

/// <summary>A part of the explorer: pages, and the endpoints that they use.</summary>
internal interface IExplorerFeature
{
    /// <summary>Gets the pages, in the order of the navigation.</summary>
    IReadOnlyList<ExplorerPage> Pages { get; }

    /// <summary>Maps the endpoints, by convention below <c>/api</c>. The host maps the pages.</summary>
    void Map(IEndpointRouteBuilder endpoints);
}
