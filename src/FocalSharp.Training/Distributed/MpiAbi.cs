using System.Runtime.InteropServices;

namespace FocalSharp.Training.Distributed;

/// <summary>
/// The values of MPI's predefined handles, which differ between implementations: small integers in MPICH and its derivatives, addresses of
/// exported variables in Open MPI, fixed small pointers in the standard ABI of MPI 5. On 64-bit machines an <c>int</c> handle and a pointer are passed
/// alike.
/// </summary>
/// <param name="World">MPI_COMM_WORLD.</param>
/// <param name="Bytes">MPI_BYTE.</param>
/// <param name="Float32">MPI_FLOAT.</param>
/// <param name="Float64">MPI_DOUBLE.</param>
/// <param name="Sum">MPI_SUM.</param>
/// <param name="Max">MPI_MAX.</param>
/// <param name="ErrorsReturn">MPI_ERRORS_RETURN.</param>
/// <param name="InPlace">MPI_IN_PLACE.</param>
internal sealed record MpiAbi(nint World, nint Bytes, nint Float32, nint Float64, nint Sum, nint Max, nint ErrorsReturn, nint InPlace)
{
    /// <summary>MPICH's mpi.h; Intel MPI, MVAPICH and Cray MPICH share it (MPICH ABI Compatibility Initiative).</summary>
    public static MpiAbi Mpich { get; } = new(0x44000000, 0x4c00010d, 0x4c00040a, 0x4c00080b, 0x58000003, 0x58000001, 0x54000001, -1);

    /// <summary>The MPI 5.0 standard, chapter 20.</summary>
    public static MpiAbi Standard { get; } = new(0x101, 0x247, 0x210, 0x214, 0x21, 0x23, 0x143, 1);

    /// <summary>Recognizes the ABI of a loaded library by its exports.</summary>
    /// <param name="library">The library.</param>
    /// <param name="isStandard">Whether the file is <c>libmpi_abi</c>, which has the standard ABI.</param>
    public static MpiAbi Find(nint library, bool isStandard)
    {
        if (isStandard)
        {
            return Standard;
        }

        return NativeLibrary.TryGetExport(library, "ompi_mpi_comm_world", out nint world)
            ? new MpiAbi(
                world, Address("ompi_mpi_byte"), Address("ompi_mpi_float"), Address("ompi_mpi_double"), Address("ompi_mpi_op_sum"),
                Address("ompi_mpi_op_max"), Address("ompi_mpi_errors_return"), 1)
            : Mpich;

        nint Address(string name) => NativeLibrary.GetExport(library, name);
    }
}
