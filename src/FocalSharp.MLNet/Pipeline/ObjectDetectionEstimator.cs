using Microsoft.ML;
using Microsoft.ML.Data;

namespace FocalSharp.MLNet.Pipeline;

/// <summary>
/// Detects objects with transforms that ML.NET can save: the same key for each row, a mapping from the key to the detector, and a mapping from
/// image and detector to the results.
/// </summary>
internal sealed class ObjectDetectionEstimator(TransformsCatalog catalog, string detector, string imageColumn) : IEstimator<ITransformer>
{
    public ITransformer Fit(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        DataViewType? type = input.Schema.GetColumnOrNull(imageColumn)?.Type;
        return CreateChain(type is VectorDataViewType vector ? vector.ItemType : type, type is VectorDataViewType).Fit(input);
    }

    public SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        foreach (SchemaShape.Column column in inputSchema)
        {
            if (column.Name == imageColumn)
            {
                return CreateChain(column.ItemType, column.Kind != SchemaShape.Column.VectorKind.Scalar).GetOutputSchema(inputSchema);
            }
        }

        return CreateChain(null, isVector: false).GetOutputSchema(inputSchema);
    }

    private IEstimator<ITransformer> CreateChain(DataViewType? item, bool isVector)
    {
        IEstimator<ITransformer> detection = item switch
        {
            TextDataViewType when !isVector => catalog.CustomMapping<PathMapping.Input, DetectedObjects>(PathMapping.Detect, PathMapping.Contract),
            NumberDataViewType { RawType: var raw } when isVector && raw == typeof(byte) => catalog.CustomMapping<BytesMapping.Input, DetectedObjects>(BytesMapping.Detect, BytesMapping.Contract),
            null => throw new ArgumentException($"The data has no column '{imageColumn}' to detect objects in."),
            _ => throw new ArgumentException(
                $"Column '{imageColumn}' is {(isVector ? "a vector of " : "")}{item}. Images are a text column of paths or a vector of bytes (an encoded image)."),
        };
        KeyValuePair<int, string>[] detectors = [new(KeyMapping.Key, detector)];
        return catalog.CopyColumns(Columns.Image, imageColumn)
            .Append(catalog.CustomMapping<KeyMapping.Input, KeyMapping.Output>(KeyMapping.SetKey, KeyMapping.Contract))
            .Append(catalog.Conversion.MapValue(Columns.Detector, detectors, Columns.Key))
            .Append(detection)
            .Append(catalog.DropColumns(Columns.Image, Columns.Key, Columns.Detector));
    }
}
