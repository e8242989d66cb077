using System.Globalization;
using FocalSharp.Serving.Hosting;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace FocalSharp.Serving.Http;

/// <summary>Completes the OpenAPI document: request bodies, parameters, errors and authentication.</summary>
internal static class OpenApiDescription
{
    /// <summary>The name of the document, and so of its route <c>/openapi/v1.json</c>.</summary>
    public const string DocumentName = "v1";

    private const string KeyScheme = "apiKey";
    private const string BearerScheme = "bearer";

    private static readonly string[] ImageTypes = ["image/jpeg", "image/png", "image/webp", "image/gif", "image/bmp", "image/tiff", "image/heic", "image/avif", "application/octet-stream"];

    private static readonly (string Status, string Meaning)[] ErrorResponses =
    [
        ("400", "The body is empty or malformed, or a parameter is unknown or out of range"),
        ("401", "The API key is missing or wrong"),
        ("408", "The body did not arrive in time"),
        ("413", "Too many bytes, pixels or images"),
        ("415", "The content or the content type is not a supported image"),
        ("422", "The image is truncated, damaged or too small"),
        ("429", "Too many bodies of this client are being received"),
        ("503", "Too many requests; Retry-After contains the number of seconds to wait"),
    ];

    /// <summary>Describes a route that accepts images.</summary>
    /// <param name="several">Whether the route accepts several images.</param>
    /// <param name="picture">Whether the route returns an annotated image.</param>
    public static Func<OpenApiOperation, OpenApiOperationTransformerContext, CancellationToken, Task> DescribeImageOperation(bool several, bool picture) =>
        async (operation, context, cancellationToken) =>
        {
            operation.RequestBody = Body(several);
            operation.Parameters =
            [
                Query(DetectArguments.Threshold, "Minimum score, exclusive. Default: the model's own", new() { Type = JsonSchemaType.Number, Minimum = "0", Maximum = "1" }),
                Query(DetectArguments.MaxDetections, "Maximum number of detections per image. Default: the model's own", new()
                {
                    Type = JsonSchemaType.Integer,
                    Minimum = "1",
                    Maximum = DetectArguments.MaxDetectionsLimit.ToString(CultureInfo.InvariantCulture),
                }),
                .. picture ? [Query(DetectArguments.Format, "Format of the annotated image", new() { Type = JsonSchemaType.String, Enum = ["jpeg", "png"], Default = "jpeg" })]
                    : Array.Empty<IOpenApiParameter>(),
            ];
            operation.Responses ??= [];
            if (picture)
            {
                operation.Responses["200"] = new OpenApiResponse { Description = "The annotated image", Content = Content(["image/jpeg", "image/png"], Binary()) };
            }

            OpenApiSchema problem = await context.GetOrCreateSchemaAsync(typeof(Problem), parameterDescription: null, cancellationToken);
            foreach ((string status, string meaning) in ErrorResponses)
            {
                operation.Responses[status] = new OpenApiResponse { Description = meaning, Content = Content([Problem.ContentType], problem) };
            }
        };

    /// <summary>Describes the document.</summary>
    /// <param name="keys">Whether an API key is required.</param>
    public static Func<OpenApiDocument, OpenApiDocumentTransformerContext, CancellationToken, Task> DescribeDocument(bool keys) =>
        (document, _, _) =>
        {
            document.Info = new OpenApiInfo
            {
                Title = "FocalSharp",
                Version = StatusEndpoints.Version,
                Description = "Object detection with Generalized Focal Loss: boxes, scores, and the uncertainty of each box edge, in pixels.",
            };
            document.Servers = [new OpenApiServer { Url = "/" }];
            if (keys)
            {
                AddSecurity(document);
            }

            return Task.CompletedTask;
        };

    private static void AddSecurity(OpenApiDocument document)
    {
        document.Components ??= new OpenApiComponents();
        document.Components.SecuritySchemes = new Dictionary<string, IOpenApiSecurityScheme>(StringComparer.Ordinal)
        {
            [KeyScheme] = new OpenApiSecurityScheme { Type = SecuritySchemeType.ApiKey, In = ParameterLocation.Header, Name = ApiKeyValidator.Header },
            [BearerScheme] = new OpenApiSecurityScheme { Type = SecuritySchemeType.Http, Scheme = "bearer" },
        };
        document.Security =
        [
            new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference(KeyScheme, document)] = [] },
            new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference(BearerScheme, document)] = [] },
        ];
    }

    private static OpenApiRequestBody Body(bool several)
    {
        OpenApiSchema part = several ? new() { Type = JsonSchemaType.Array, Items = Binary() } : Binary();
        OpenApiSchema form = new()
        {
            Type = JsonSchemaType.Object,
            Properties = new Dictionary<string, IOpenApiSchema>(StringComparer.Ordinal) { ["image"] = part },
            Required = new HashSet<string>(StringComparer.Ordinal) { "image" },
        };
        Dictionary<string, OpenApiMediaType> content = Content(ImageTypes, Binary());
        content["multipart/form-data"] = new OpenApiMediaType { Schema = form };
        return new OpenApiRequestBody { Required = true, Content = content, Description = "The format is detected from the content, not from the content type or the file name" };
    }

    private static OpenApiParameter Query(string name, string meaning, OpenApiSchema schema) =>
        new() { Name = name, In = ParameterLocation.Query, Description = meaning, Schema = schema };

    private static OpenApiSchema Binary() => new() { Type = JsonSchemaType.String, Format = "binary" };

    private static Dictionary<string, OpenApiMediaType> Content(IEnumerable<string> types, IOpenApiSchema schema) =>
        types.ToDictionary(type => type, _ => new OpenApiMediaType { Schema = schema }, StringComparer.Ordinal);
}
