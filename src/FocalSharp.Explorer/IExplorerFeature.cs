using FocalSharp.Explorer.Pages;
using Microsoft.AspNetCore.Routing;

namespace FocalSharp.Explorer;

/// <summary>A part of the explorer: pages that join the navigation, and the endpoints that they ask.</summary>
public interface IExplorerFeature
{
    /// <summary>Its pages, in the order of the navigation.</summary>
    IReadOnlyList<ExplorerPage> Pages { get; }

    /// <summary>Maps its endpoints, by convention below <c>/api</c>. The pages themselves are mapped by the host.</summary>
    void Map(IEndpointRouteBuilder endpoints);
}
